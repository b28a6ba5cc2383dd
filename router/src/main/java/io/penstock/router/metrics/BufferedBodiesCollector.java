package io.penstock.router.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.LongSupplier;

/** Shows the memory that request bodies take. Threading: any thread; reads only. */
public final class BufferedBodiesCollector extends Collector {

    private final LongSupplier held;

    /** Shows what {@code held} counts, in bytes. */
    public BufferedBodiesCollector(LongSupplier held) {
        this.held = held;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(new GaugeMetricFamily(
                MetricNames.BUFFERED_BODIES,
                "Request bodies that are held until their answers end. At server.maxBufferedBodies new ones are refused"
                        + " with 503.",
                (double) held.getAsLong()));
    }
}
