package io.penstock.router.tracing;

import io.penstock.proxy.api.Observers;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.router.config.TracingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Tracing, on or off. Off it is nothing: no class of OpenTelemetry is loaded, and no request costs more. Threading: life-cycle
 * methods are called by one thread; counts by any.
 */
public final class Tracing implements AutoCloseable {

    private final @Nullable RequestTraces traces;

    private Tracing(@Nullable RequestTraces traces) {
        this.traces = traces;
    }

    /**
     * Tracing as configured.
     *
     * @param config null for none
     * @param version the router's own, told with the spans
     */
    public static Tracing of(@Nullable TracingConfig config, String version) {
        return new Tracing(config == null ? null : new RequestTraces(config, version));
    }

    /** The same observer, with tracing beside it if that is on. */
    public ProxyObserver beside(ProxyObserver observer) {
        return traces == null ? observer : new Observers(observer, traces);
    }

    /** Starts to send spans. */
    public void start() {
        if (traces != null) {
            traces.start();
        }
    }

    /** Takes the share that is sampled from this; all else needs another start. */
    public void configure(@Nullable TracingConfig now) {
        if (traces != null && now != null) {
            traces.sample(now.sampling());
        }
    }

    /** What became of the spans. */
    public SpanCounts counts() {
        return traces == null ? new SpanCounts() : traces.counts();
    }

    /** Sends what waits, for two seconds at most. */
    @Override
    public void close() {
        if (traces != null) {
            traces.close();
        }
    }
}
