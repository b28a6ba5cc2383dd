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
        return NONE.next(requests, tokens, LimitSource.own(ticker));
    }

    /** True if other routers have part in it. */
    boolean isShared() {
        return (requests != null && requests.shared() != null) || (tokens != null && tokens.shared() != null);
    }

    /** Limits of so much within a minute that follow these, with what is left of them. */
    RateLimit next(int requestLimit, int tokenLimit, LimitSource source) {
        return requestLimit == 0 && tokenLimit == 0
                ? NONE
                : new RateLimit(
                        Allowance.following(requests, requestLimit, source, "requests"),
                        Allowance.following(tokens, tokenLimit, source, "tokens"));
    }
}
