package io.penstock.router.metrics;

import io.penstock.router.discovery.DiscoveryView;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.Supplier;

/** Shows at each scrape how the engines of pools are found. Threading: any thread; reads only. */
public final class DiscoveryCollector extends Collector {

    private static final List<String> LABELS = List.of("pool", "source");

    private final Supplier<List<DiscoveryView>> views;

    /** Shows these. */
    public DiscoveryCollector(Supplier<List<DiscoveryView>> views) {
        this.views = views;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var age = new GaugeMetricFamily(
                MetricNames.DISCOVERY_AGE,
                "How long ago the source of a pool's engines last answered well, or was opened.",
                LABELS);
        var engines = new GaugeMetricFamily(
                MetricNames.DISCOVERY_ENGINES,
                "Engines that the source of a pool named in its last good answer.",
                LABELS);
        var errors = new CounterMetricFamily(
                MetricNames.DISCOVERY_ERRORS,
                "How often the source of a pool's engines failed, or knew of no engine any more.",
                LABELS);
        var stale = new GaugeMetricFamily(
                MetricNames.DISCOVERY_STALE,
                "1 while the source of a pool's engines does not answer well; the engines known before are kept, and"
                        + " /fleet says why.",
                LABELS);
        for (DiscoveryView view : views.get()) {
            List<String> labels = List.of(view.pool(), view.source());
            age.addMetric(labels, view.ageSeconds());
            engines.addMetric(labels, view.engines());
            errors.addMetric(labels, (double) view.errors());
            stale.addMetric(labels, view.problem() == null ? 0 : 1);
        }
        return List.of(age, engines, errors, stale);
    }
}
