package io.penstock.router.access;

import org.jspecify.annotations.Nullable;

/**
 * How one limit stands after a request. Threading: immutable.
 *
 * @param limit the whole amount
 * @param remaining what is left
 * @param resetNanos until all of it is there again
 */
record Quota(long limit, long remaining, long resetNanos) {

    /** The one with less left; null stands for no limit. */
    static @Nullable Quota tighter(@Nullable Quota one, @Nullable Quota other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.remaining() < one.remaining() ? other : one;
    }
}
