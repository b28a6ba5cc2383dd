package io.penstock.router.fleet;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The question whether an ejected engine is well again: put to it by one request at a time, until one says yes or no. Each
 * time an ejection is over there is a new one, so that an answer to an old question changes nothing. Where a pool is in a
 * panic, it is shared: every request is let through, and the first that says something decides.
 *
 * <p>Threading: counter; {@link #controlShare} on the control plane.
 */
final class Trial {

    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean shared;

    void controlShare(boolean withAll) {
        shared = withAll;
    }

    boolean isFree() {
        return shared || running.get() == 0;
    }

    /** Takes part in it; false if another request does. */
    boolean take() {
        if (shared) {
            running.getAndIncrement();
            return true;
        }
        return running.compareAndSet(0, 1);
    }

    /** Leaves it without having said anything. */
    void giveBack() {
        running.getAndDecrement();
    }
}
