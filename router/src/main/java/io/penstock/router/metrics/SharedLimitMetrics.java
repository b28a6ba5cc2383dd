package io.penstock.router.metrics;

import io.penstock.router.access.SharedLimits.Unanswered;
import io.penstock.router.access.SharedObserver;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Shows how limits that routers have in common answer. Made before there is a registry. Threading: counter. */
public final class SharedLimitMetrics implements SharedObserver {

    private final Counter questions = Counter.build(
                    MetricNames.SHARED_LIMITS_QUESTIONS,
                    "Requests with limits that routers have in common: passed and refused by those; away (no connection), late,"
                            + " failed and busy (too many open): by this router's own limits alone.")
            .labelNames("outcome")
            .withoutExemplars()
            .create();
    private final Histogram wait = Histogram.build(
                    MetricNames.SHARED_LIMITS_WAIT,
                    "How long requests waited until the limits in Redis had decided. Growing: Redis is far away or asked too much.")
            .buckets(Buckets.shared())
            .withoutExemplars()
            .create();
    private final Counter lost = Counter.build(
                    MetricNames.SHARED_LIMITS_LOST,
                    "What requests had used or gave back, and was not booked in Redis; it is in this router's own limits.")
            .withoutExemplars()
            .create();
    private final Counter.Child passed = questions.labels("passed");
    private final Counter.Child refused = questions.labels("refused");
    private final Map<Unanswered, Counter.Child> unanswered = new EnumMap<>(Unanswered.class);

    /** All counts, with zeros. */
    public SharedLimitMetrics() {
        for (Unanswered why : Unanswered.values()) {
            unanswered.put(why, questions.labels(why.label()));
        }
    }

    /**
     * Shows them from now on.
     *
     * @param up whether limits are shared just now
     */
    public void register(CollectorRegistry registry, BooleanSupplier up) {
        registry.register(questions);
        registry.register(wait);
        registry.register(lost);
        registry.register(new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(new GaugeMetricFamily(
                        MetricNames.SHARED_LIMITS_UP,
                        "1 while limits are shared through Redis, 0 while this router keeps its own.",
                        up.getAsBoolean() ? 1 : 0));
            }
        });
    }

    @Override
    public void answered(boolean pass, long nanos) {
        (pass ? passed : refused).inc();
        wait.observe(nanos / Collector.NANOSECONDS_PER_SECOND);
    }

    @Override
    public void unanswered(Unanswered why) {
        Counter.Child count = unanswered.get(why);
        if (count != null) {
            count.inc();
        }
    }

    @Override
    public void bookingLost() {
        lost.inc();
    }
}
