package io.penstock.router.metrics;

import io.prometheus.client.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The series of a histogram for one set of labels, which appears with its first value: a histogram of nothing but zeros
 * takes twenty lines of every scrape to say nothing. Threading: counter.
 */
final class LateHistogram {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Histogram histogram;
    private final String[] labels;
    private volatile Histogram.@Nullable Child series;

    LateHistogram(Histogram histogram, String... labels) {
        this.histogram = histogram;
        this.labels = labels;
    }

    void observe(long nanos) {
        observe(nanos / NANOS_PER_SECOND);
    }

    void observe(double value) {
        Histogram.Child known = series;
        if (known == null) {
            known = histogram.labels(labels);
            series = known;
        }
        known.observe(value);
    }

    /** Adds how many values lie within each bucket or below it. */
    void addTo(double[] upTo) {
        Histogram.Child known = series;
        if (known != null) {
            double[] counted = known.get().buckets;
            for (int i = 0; i < upTo.length; i++) {
                upTo[i] += counted[i];
            }
        }
    }
}
