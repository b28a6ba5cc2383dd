package io.penstock.router.access;

import io.penstock.proxy.failure.ProxyFailure;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as far as its key or token tells. Threading: immutable; its limits are counters.
 *
 * @param kind how it was identified
 * @param name the configured name of the key or of the token's issuer: a bounded set, and no secret
 * @param trusted true if it may send what names hosts, ranks and priorities to engines
 * @param limits what it may ask for over all routes
 * @param refusal why it was not identified; null if it was, or if nobody needs to be
 */
public record Caller(
        Kind kind,
        String name,
        boolean trusted,
        RateLimit limits,
        @Nullable ProxyFailure refusal) {

    /** The name of whoever was not identified. */
    public static final String NOBODY = "none";

    /** Somebody, where nobody needs to be identified. */
    public static final Caller ANYONE = new Caller(Kind.UNKNOWN, NOBODY, false, RateLimit.NONE, null);

    /** How a caller was identified. */
    public enum Kind {
        UNKNOWN,
        KEY,
        TOKEN
    }

    /** Somebody who should be identified and is not. */
    static Caller refused(ProxyFailure why) {
        return new Caller(Kind.UNKNOWN, NOBODY, false, RateLimit.NONE, why);
    }
}
