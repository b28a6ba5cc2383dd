package io.penstock.router.metrics;

import io.penstock.router.fleet.PoolView;
import io.penstock.router.route.WaitEnd;
import io.penstock.router.route.WaitObserver;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.List;

/** Counts requests that waited for room on an engine, and those that were given none. Threading: counter. */
final class WaitMetrics implements WaitObserver {

    private static final List<String> REASONS =
            List.of("room_full", WaitEnd.MAX_WAIT.label(), WaitEnd.CLIENT_TIMEOUT.label());

    private final Histogram wait;
    private final Counter refusals;

    /** Counts for these pools; refusals that have not happened yet are there with 0, so that an alert sees the first. */
    WaitMetrics(CollectorRegistry registry, List<PoolView> pools) {
        wait = Histogram.build(
                        MetricNames.WAIT,
                        "How long requests waited for room on an engine, of those that had to wait, and how it ended.")
                .labelNames("pool", "end")
                .buckets(Buckets.firstByte())
                .withoutExemplars()
                .register(registry);
        refusals = Counter.build(
                        MetricNames.LIMIT_REFUSALS,
                        "Requests refused with 429 because of a pool's limits: room_full at once, max_wait and"
                                + " client_timeout after a wait.")
                .labelNames("pool", "reason")
                .withoutExemplars()
                .register(registry);
        for (PoolView pool : pools) {
            REASONS.forEach(reason -> refusals.labels(pool.pool(), reason).inc(0));
        }
    }

    @Override
    public void waited(String pool, WaitEnd end, long nanos) {
        wait.labels(pool, end.label()).observe(nanos / Collector.NANOSECONDS_PER_SECOND);
        if (end == WaitEnd.MAX_WAIT || end == WaitEnd.CLIENT_TIMEOUT) {
            refusals.labels(pool, end.label()).inc();
        }
    }

    @Override
    public void roomFull(String pool) {
        refusals.labels(pool, "room_full").inc();
    }
}
