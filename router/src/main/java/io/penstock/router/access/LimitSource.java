package io.penstock.router.access;

import io.penstock.proxy.runtime.Ticker;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What limits are made with. Threading: immutable.
 *
 * @param ticker the clock they fill by
 * @param shared where they are kept in common with other routers, or null
 * @param holder whose they are, by kind and name: the same for every router, and no secret
 */
record LimitSource(Ticker ticker, @Nullable SharedLimits shared, String holder) {

    /** For limits that are this router's alone. */
    static LimitSource own(Ticker ticker) {
        return new LimitSource(ticker, null, "");
    }

    /** The same for somebody else. */
    LimitSource of(String kind, String name) {
        return shared == null ? this : new LimitSource(ticker, shared, kind + ":" + name);
    }

    /**
     * The shared side of a limit, or null if it has none.
     *
     * @param what requests or tokens
     */
    @Nullable
    SharedBucket bucket(String what, long limit, LongSupplier left) {
        return shared == null ? null : shared.bucket(holder + ":" + what, limit, left);
    }
}
