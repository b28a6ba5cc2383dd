package io.penstock.proxy.front;

import io.penstock.proxy.runtime.Ticker;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what should not have happened on a client connection: with its stack trace, but at most once in ten seconds, so
 * that no client can fill the log by bringing it about again and again. Threading: any event loop.
 */
final class DefectLog {

    private static final Logger log = LoggerFactory.getLogger(DefectLog.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ticker ticker;
    private final AtomicLong quietUntilNanos;
    private final AtomicLong unwritten = new AtomicLong();

    DefectLog(Ticker ticker) {
        this.ticker = ticker;
        this.quietUntilNanos = new AtomicLong(ticker.nanos());
    }

    /** A connection is closed because of {@code cause}; true if it was written down. */
    boolean closed(@Nullable SocketAddress client, Throwable cause) {
        long now = ticker.nanos();
        long until = quietUntilNanos.get();
        if (now - until < 0 || !quietUntilNanos.compareAndSet(until, now + QUIET_NANOS)) {
            unwritten.incrementAndGet();
            return false;
        }
        log.error(
                "client connection {}: closed on a defect ({} more since the last one written down)",
                client,
                unwritten.getAndSet(0),
                cause);
        return true;
    }
}
