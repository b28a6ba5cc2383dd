package io.penstock.router.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a key or token: what is kept and compared instead of it.
 *
 * <p>Comparing two of them need not take the same time whatever they are, and they may be looked up in a hash map. What
 * such timing could tell an attacker is how much of the digest of his own guess agrees with the digest of a key. He
 * cannot use that, as he cannot make a guess with a digest of his choice: that would be a preimage of SHA-256. The key
 * itself is only ever hashed, which takes as long for a right key as for a wrong one of its length.
 *
 * <p>Threading: immutable.
 */
record Digest(long first, long second, long third, long fourth) {

    /** The digest of a key. */
    static Digest of(String key) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The digest written as 64 hex digits. */
    static Digest ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    private static Digest of(byte[] digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** The digest as 64 hex digits. */
    String hex() {
        return String.format("%016x%016x%016x%016x", first, second, third, fourth);
    }

    /** The first part is as evenly spread as a hash can be. */
    @Override
    public int hashCode() {
        return (int) first;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that
                && ((first ^ that.first) | (second ^ that.second) | (third ^ that.third) | (fourth ^ that.fourth)) == 0;
    }
}
