package io.penstock.router.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;
import java.util.function.LongSupplier;

/** Shows how many lines of the access log were lost. Threading: any thread; reads only. */
public final class AccessLogCollector extends Collector {

    private final LongSupplier dropped;

    /** Shows what {@code dropped} counts. */
    public AccessLogCollector(LongSupplier dropped) {
        this.dropped = dropped;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(new CounterMetricFamily(
                MetricNames.ACCESS_LOG_DROPPED,
                "Lines of the access log that were lost, because whoever reads it is too slow or gone.",
                (double) dropped.getAsLong()));
    }
}
