package io.penstock.router.metrics;

import io.penstock.router.tracing.SpanCounts;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;

/** Shows what became of the spans of traces. Threading: any thread; reads only. */
public final class SpansCollector extends Collector {

    private final SpanCounts counts;

    /** Shows {@code counts}. */
    public SpansCollector(SpanCounts counts) {
        this.counts = counts;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var dropped = new CounterMetricFamily(
                MetricNames.SPANS_DROPPED,
                "Spans that were lost: queue_full as too many waited, export_failed as the collector did not take them.",
                List.of("reason"));
        dropped.addMetric(List.of("queue_full"), (double) counts.lostInQueue());
        dropped.addMetric(List.of("export_failed"), (double) counts.lostInExport());
        return List.of(
                new CounterMetricFamily(MetricNames.SPANS_EXPORTED, "Spans that the collector of traces took.", (double)
                        counts.exported()),
                dropped);
    }
}
