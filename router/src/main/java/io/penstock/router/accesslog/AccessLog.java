package io.penstock.router.accesslog;

import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.router.config.AccessLogConfig;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/**
 * Picks the requests that get a line in the access log. Turned off, it costs a request one volatile read.
 *
 * <p>Threading: told on event loops; configured on any thread.
 */
public final class AccessLog implements ProxyObserver, AutoCloseable {

    private static final int FIRST_ERROR_STATUS = 400;

    private final AccessLogWriter writer;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private volatile AccessLogConfig config;

    /**
     * An access log; nothing is written before {@link #start}.
     *
     * @param out where lines go; closed by whoever made it
     * @param random answers from 0 up to but not including 1
     */
    public AccessLog(AccessLogConfig config, OutputStream out, InstantSource clock, DoubleSupplier random) {
        this.config = config;
        this.writer = new AccessLogWriter(out);
        this.clock = clock;
        this.random = random;
    }

    /** Starts writing. */
    public void start() {
        writer.start();
    }

    /** Goes by this from now on. */
    public void configure(AccessLogConfig now) {
        config = now;
    }

    @Override
    public void exchangeEnded(ExchangeSummary summary) {
        AccessLogConfig by = config;
        if (by.mode() != AccessLogConfig.Mode.OFF && isPicked(by, summary)) {
            writer.offer(AccessEntry.of(summary, clock.instant()));
        }
    }

    private boolean isPicked(AccessLogConfig by, ExchangeSummary summary) {
        return by.mode() == AccessLogConfig.Mode.ON
                || summary.failure() != null
                || summary.status() >= FIRST_ERROR_STATUS
                || random.getAsDouble() < by.sample();
    }

    /** Lines that were lost, as whoever reads them was too slow or gone. */
    public long dropped() {
        return writer.dropped();
    }

    /** Writes what waits now; only while the log is not started. */
    void writeQueued() {
        writer.writeQueued();
    }

    /** Writes what is left, for a second at most. */
    @Override
    public void close() {
        writer.close();
    }
}
