package io.penstock.router.metrics;

import io.penstock.router.reload.ReloadObserver;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Counts what became of configurations, and tells which is in force. Threading: any thread. */
public final class ReloadMetrics extends Collector implements ReloadObserver {

    private static final String SUCCESS = "success";
    private static final String REFUSED = "refused";

    private final InstantSource clock;
    private final Counter reloads;
    private volatile InForce inForce;

    private record InForce(String hash, Instant since) {}

    /** The configuration with this hash is in force from the start. */
    public ReloadMetrics(CollectorRegistry registry, String hash, InstantSource clock) {
        this.clock = clock;
        this.inForce = new InForce(hash, clock.instant());
        this.reloads = Counter.build(
                        MetricNames.CONFIG_RELOADS,
                        "Configurations that were loaded while running. refused: the file has problems, which the log"
                                + " tells, and the one before is still in force.")
                .labelNames("result")
                .withoutExemplars()
                .register(registry);
        reloads.labels(SUCCESS);
        reloads.labels(REFUSED);
        register(registry);
    }

    @Override
    public void taken(String hash) {
        inForce = new InForce(hash, clock.instant());
        reloads.labels(SUCCESS).inc();
    }

    @Override
    public void refused() {
        reloads.labels(REFUSED).inc();
    }

    @Override
    public List<MetricFamilySamples> collect() {
        InForce now = inForce;
        var info = new GaugeMetricFamily(
                MetricNames.CONFIG,
                "Always 1; routers with the same hash go by the same configuration.",
                List.of("hash"));
        info.addMetric(List.of(now.hash()), 1);
        var since = new GaugeMetricFamily(
                MetricNames.CONFIG_RELOADED,
                "When the configuration in force was loaded, at the start or later, in seconds since 1970.",
                now.since().toEpochMilli() / 1e3);
        return List.of(info, since);
    }
}
