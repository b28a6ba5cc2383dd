package io.penstock.router.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.runtime.Ticker;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A timer of 10 ms on each event loop that measures how late it fires: what a stream waits when something holds up its
 * loop. The greatest lateness of the last half minute or so is shown too, and it grows while a loop is still stuck.
 *
 * <p>Threading: {@link #start} and {@link #close} from one thread; each loop writes only its own numbers.
 */
public final class LoopDelayCanary extends Collector implements AutoCloseable {

    /** The timer's interval. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The greatest lateness is kept for at least this long and at most twice as long. */
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final List<String> LOOP = List.of("loop");

    private final Ticker ticker;
    private final List<Beat> beats = new ArrayList<>();
    private final List<Future<?>> timers = new ArrayList<>();

    /** Measures {@code loops}, which are numbered from 0; nothing happens before {@link #start}. */
    public LoopDelayCanary(Iterable<EventExecutor> loops, Ticker ticker, CollectorRegistry registry) {
        this.ticker = ticker;
        Histogram delays = Histogram.build(
                        MetricNames.LOOP_DELAY,
                        "How late a timer of 10 ms fires on an event loop. Above 5 ms streams stutter: the CPU is"
                                + " short, or something blocks a loop.")
                .labelNames("loop")
                .buckets(Buckets.loopDelay())
                .withoutExemplars()
                .register(registry);
        for (EventExecutor loop : loops) {
            beats.add(new Beat(loop, ticker, delays.labels(Integer.toString(beats.size()))));
        }
        register(registry);
    }

    /** Starts the timers. */
    public void start() {
        for (Beat beat : beats) {
            beat.expectNext();
            timers.add(beat.loop.scheduleWithFixedDelay(beat, INTERVAL_NANOS, INTERVAL_NANOS, TimeUnit.NANOSECONDS));
        }
    }

    /** Stops the timers. */
    @Override
    public void close() {
        timers.forEach(timer -> timer.cancel(false));
        timers.clear();
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var max = new GaugeMetricFamily(
                MetricNames.LOOP_DELAY_MAX,
                "How late a timer of 10 ms fired at worst in the last 15 to 30 seconds; a stall that still lasts counts.",
                LOOP);
        long now = ticker.nanos();
        for (int i = 0; i < beats.size(); i++) {
            max.addMetric(List.of(Integer.toString(i)), beats.get(i).worst(now) / NANOSECONDS_PER_SECOND);
        }
        return List.of(max);
    }

    /** The timer of one loop. Threading: written on its loop only; {@link #worst} may be read on any thread. */
    private static final class Beat implements Runnable {

        final EventExecutor loop;
        private final Ticker ticker;
        private final Histogram.Child delays;
        private volatile long dueNanos;
        private volatile long worstNanos;
        private volatile boolean started;
        private long windowStartNanos;
        private long windowWorstNanos;
        private long previousWorstNanos;

        Beat(EventExecutor loop, Ticker ticker, Histogram.Child delays) {
            this.loop = loop;
            this.ticker = ticker;
            this.delays = delays;
            this.windowStartNanos = ticker.nanos();
        }

        @Override
        public void run() {
            long now = ticker.nanos();
            long late = Math.max(0, now - dueNanos);
            delays.observe(late / NANOSECONDS_PER_SECOND);
            if (now - windowStartNanos >= WINDOW_NANOS) {
                previousWorstNanos = windowWorstNanos;
                windowWorstNanos = 0;
                windowStartNanos = now;
            }
            windowWorstNanos = Math.max(windowWorstNanos, late);
            worstNanos = Math.max(windowWorstNanos, previousWorstNanos);
            expectNext();
        }

        void expectNext() {
            dueNanos = ticker.nanos() + INTERVAL_NANOS;
            started = true;
        }

        long worst(long now) {
            return started ? Math.max(worstNanos, now - dueNanos) : 0;
        }
    }
}
