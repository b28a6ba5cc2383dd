package io.penstock.proxy.testkit;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves only when told to. It starts anywhere, negative numbers and the edge of overflow included, so that
 * code which compares readings instead of differences fails soon. Threading: any thread.
 */
public final class ManualTicker implements Ticker {

    private final AtomicLong now = new AtomicLong(ThreadLocalRandom.current().nextLong());

    @Override
    public long nanos() {
        return now.get();
    }

    /** Moves the clock forward. */
    public void advance(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
