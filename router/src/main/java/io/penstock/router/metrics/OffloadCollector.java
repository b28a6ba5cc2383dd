package io.penstock.router.metrics;

import io.penstock.proxy.offload.OffloadExecutor;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.SummaryMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Shows the work that is done off the event loops, and what came back to them. Threading: any thread; reads only. */
public final class OffloadCollector extends Collector {

    private static final List<String> WORK = List.of("work");

    private final Supplier<Map<String, OffloadExecutor>> executors;
    private final LongSupplier scansOnLoop;

    /**
     * Shows these executors.
     *
     * @param executors those there are now, by the name of the work they do
     * @param scansOnLoop how many bodies were scanned on an event loop that should not have been
     */
    public OffloadCollector(Supplier<Map<String, OffloadExecutor>> executors, LongSupplier scansOnLoop) {
        this.executors = executors;
        this.scansOnLoop = scansOnLoop;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(
                counter(
                        MetricNames.OFFLOAD_SUBMITTED,
                        "Work handed in to be done off the event loops, such as scanning a large body; the rejected"
                                + " included.",
                        OffloadExecutor::submitted),
                counter(
                        MetricNames.OFFLOAD_REJECTED,
                        "Work that was not taken because the queue was full. Growing: the threads do not keep up.",
                        OffloadExecutor::rejected),
                counter(
                        MetricNames.OFFLOAD_CANCELLED,
                        "Work that was taken and never begun, as its client had left.",
                        OffloadExecutor::cancelled),
                counter(
                        MetricNames.OFFLOAD_COMPLETED,
                        "Work that ran to its end, with whatever result.",
                        OffloadExecutor::completed),
                queue(),
                times(
                        MetricNames.OFFLOAD_WAIT,
                        "How long work waited for a thread. Growing: the threads do not keep up.",
                        OffloadExecutor::begun,
                        OffloadExecutor::waitedNanos),
                times(
                        MetricNames.OFFLOAD_RUN,
                        "How long work ran.",
                        OffloadExecutor::completed,
                        OffloadExecutor::ranNanos),
                new CounterMetricFamily(
                        MetricNames.SCANS_ON_LOOP,
                        "Large bodies that were scanned on an event loop because the scan threads had no room; each"
                                + " holds up the other streams of its loop.",
                        (double) scansOnLoop.getAsLong()));
    }

    private MetricFamilySamples queue() {
        var depth = new GaugeMetricFamily(MetricNames.OFFLOAD_QUEUE, "Work that waits for a thread.", WORK);
        executors.get().forEach((name, executor) -> depth.addMetric(List.of(name), executor.depth()));
        return depth;
    }

    private MetricFamilySamples times(
            String name,
            String help,
            ToDoubleFunction<OffloadExecutor> count,
            ToDoubleFunction<OffloadExecutor> nanos) {
        var times = new SummaryMetricFamily(name, help, WORK);
        executors
                .get()
                .forEach((work, executor) -> times.addMetric(
                        List.of(work), count.applyAsDouble(executor), nanos.applyAsDouble(executor) / 1e9));
        return times;
    }

    private MetricFamilySamples counter(String name, String help, ToDoubleFunction<OffloadExecutor> count) {
        var counter = new CounterMetricFamily(name, help, WORK);
        executors.get().forEach((work, executor) -> counter.addMetric(List.of(work), count.applyAsDouble(executor)));
        return counter;
    }
}
