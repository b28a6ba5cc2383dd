package io.penstock.router.access;

import java.security.SecureRandom;
import java.util.Base64;

/** An API key and its SHA-256 in hex, for who writes a configuration. Threading: immutable. */
public record NewKey(String key, String sha256) {

    private static final int BYTES = 32;

    /** A key of 256 random bits: too many to guess, so that one round of SHA-256 is enough to keep it. */
    public static NewKey random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return of("sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** A given key. */
    public static NewKey of(String key) {
        return new NewKey(key, Digest.of(key).hex());
    }

    /** Shows the hash alone. */
    @Override
    public String toString() {
        return sha256;
    }
}
