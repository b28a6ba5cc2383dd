package io.penstock.proxy.front;

import io.penstock.proxy.runtime.LoopConfined;
import java.time.Duration;

/** How long the head of one request has been incomplete. Threading: loop-confined. */
@LoopConfined
final class HeadPace {

    private final Duration limit;

    private boolean awaited;
    private long number;
    private long sinceNanos;

    HeadPace(Duration limit) {
        this.limit = limit;
    }

    /** After a read, a part of the head that follows so many others is there. */
    void incomplete(long headsBefore, long nowNanos) {
        if (!awaited || headsBefore != number) {
            awaited = true;
            number = headsBefore;
            sinceNanos = nowNanos;
        }
    }

    /** No part of a head is there. */
    void none() {
        awaited = false;
    }

    /** It is the router that does not read on: the time until now does not count. */
    void restart(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /** True while a head is incomplete. */
    boolean isAwaited() {
        return awaited;
    }

    /** True if it has been for too long by now. */
    boolean isLate(long nowNanos) {
        return awaited && nowNanos - sinceNanos >= limit.toNanos();
    }

    long limitMillis() {
        return limit.toMillis();
    }
}
