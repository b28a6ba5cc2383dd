package io.penstock.router.prompt;

import io.penstock.proxy.runtime.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether engines are asked on behalf of one tokenizer: after {@value #FAILURES} failures in a row nobody is for
 * {@value #PAUSE_SECONDS} s, then one request tries again. Threading: any thread; counters.
 */
final class EngineBreaker {

    static final int FAILURES = 3;
    static final int PAUSE_SECONDS = 10;

    private final Ticker ticker;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong askedAgainNanos = new AtomicLong();

    EngineBreaker(Ticker ticker) {
        this.ticker = ticker;
    }

    /** True if this one may be asked now. */
    boolean lets() {
        if (failures.get() < FAILURES) {
            return true;
        }
        long again = askedAgainNanos.get();
        return ticker.nanos() - again >= 0 && askedAgainNanos.compareAndSet(again, pauseEnds());
    }

    void succeeded() {
        failures.set(0);
    }

    void failed() {
        if (failures.incrementAndGet() >= FAILURES) {
            askedAgainNanos.set(pauseEnds());
        }
    }

    private long pauseEnds() {
        return ticker.nanos() + TimeUnit.SECONDS.toNanos(PAUSE_SECONDS);
    }
}
