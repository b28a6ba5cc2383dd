package io.penstock.router.metrics;

import io.penstock.proxy.api.EventTimes;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The times between events as a histogram: what the data plane counted for a stream is added at the end of it, one addition for
 * each bucket and not one for each event. Threading: counter.
 */
final class GapHistogram extends Collector {

    private static final String LE = "le";

    private final String name;
    private final String help;
    private final List<String> labels;
    private final ConcurrentMap<List<String>, Series> all = new ConcurrentHashMap<>();

    GapHistogram(String name, String help, List<String> labels) {
        this.name = name;
        this.help = help;
        this.labels = labels;
    }

    void add(List<String> values, EventTimes times) {
        if (times.events() > 1) {
            all.computeIfAbsent(values, unseen -> new Series()).add(times);
        }
    }

    void remove(List<String> values) {
        all.remove(values);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        List<String> withBound = new ArrayList<>(labels);
        withBound.add(LE);
        all.forEach((values, series) -> {
            long sum = 0;
            for (int kind = 0; kind < EventTimes.kinds(); kind++) {
                sum += series.gaps[kind].sum();
                List<String> bounded = new ArrayList<>(values);
                bounded.add(bound(kind));
                samples.add(new MetricFamilySamples.Sample(name + "_bucket", withBound, bounded, (double) sum));
            }
            double seconds = series.nanos.sum() / NANOSECONDS_PER_SECOND;
            samples.add(new MetricFamilySamples.Sample(name + "_count", labels, values, (double) sum));
            samples.add(new MetricFamilySamples.Sample(name + "_sum", labels, values, seconds));
        });
        return List.of(new MetricFamilySamples(name, Type.HISTOGRAM, help, samples));
    }

    private static String bound(int kind) {
        boolean last = kind == EventTimes.kinds() - 1;
        return doubleToGoString(last ? Double.POSITIVE_INFINITY : EventTimes.bound(kind) / NANOSECONDS_PER_SECOND);
    }

    /** Threading: counter. */
    private static final class Series {

        private final LongAdder[] gaps = new LongAdder[EventTimes.kinds()];
        private final LongAdder nanos = new LongAdder();

        Series() {
            for (int kind = 0; kind < gaps.length; kind++) {
                gaps[kind] = new LongAdder();
            }
        }

        void add(EventTimes times) {
            for (int kind = 0; kind < gaps.length; kind++) {
                if (times.gaps(kind) > 0) {
                    gaps[kind].add(times.gaps(kind));
                }
            }
            nanos.add(times.spanNanos());
        }
    }
}
