package io.penstock.router.access;

import io.penstock.proxy.runtime.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * What one client, or one route, may ask for within a minute. Threading: counter.
 *
 * @param requests how many requests, or null for no limit
 * @param tokens how many tokens, or null for no limit
 */
record RateLimit(@Nullable Allowance requests, @Nullable Allowance tokens) {

    /** No limit. */
    static final RateLimit NONE = new RateLimit(null, null);

    /** True if nothing is limited. */
    boolean isNone() {
        return requests == null && tokens == null;
    }

    /** Limits of so much within a minute; 0 is none. */
    static RateLimit perMinute(int requests, int tokens, Ticker ticker) {
        return requests == 0 && tokens == 0
                ? NONE
                : new RateLimit(Allowance.perMinute(requests, ticker), Allowance.perMinute(tokens, ticker));
    }

    /** Limits of so much within a minute that follow these, with what is left of them. */
    RateLimit next(int requestLimit, int tokenLimit, Ticker ticker) {
        return requestLimit == 0 && tokenLimit == 0
                ? NONE
                : new RateLimit(
                        Allowance.following(requests, requestLimit, ticker),
                        Allowance.following(tokens, tokenLimit, ticker));
    }
}
