package io.penstock.proxy.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A door in a scripted conversation: one side waits until a test opens it. Waiting is bounded, so that a defect shows as
 * a failed test and not as a hang. Threading: any thread, never an event loop.
 */
public final class Gate {

    /** How long anything in a test waits for anything else: a defect takes that long to show, so a slow machine may, too. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch latch = new CountDownLatch(1);

    /** Lets everyone through, now and later. */
    public void open() {
        latch.countDown();
    }

    /** Whether it was opened. */
    public boolean isOpen() {
        return latch.getCount() == 0;
    }

    /** Waits until it is open; fails the caller after {@link #LIMIT}. */
    public void await() {
        if (!isOpenWithin(LIMIT)) {
            throw new AssertionError("nobody opened the gate within " + LIMIT);
        }
    }

    /** Waits until it is open, at most so long; tells whether it is. */
    public boolean isOpenWithin(Duration limit) {
        try {
            return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at a gate", e);
        }
    }
}
