package io.penstock.router.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells configurations apart in metrics and logs: routers that show the same hash go by the same values, whatever the comments and
 * the order in their files. Threading: any thread.
 */
public final class ConfigHash {

    private static final int SHOWN_BYTES = 8;

    private ConfigHash() {}

    /** The first 16 hexadecimal digits of the SHA-256 of what {@code penstock check} prints. */
    public static String of(RouterConfig config) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(EffectiveTree.of(config).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
