package io.penstock.router.metrics;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How many values a histogram has counted up to each of its bounds, over all of its series. Threading: immutable.
 */
public final class BucketCounts {

    private final double[] bounds;
    private final double[] upTo;

    private BucketCounts(double[] bounds, double[] upTo) {
        this.bounds = bounds;
        this.upTo = upTo;
    }

    /** The sum over these series, which all have these upper bounds; the last bucket has none. */
    static BucketCounts sum(double[] bounds, List<LateHistogram> series) {
        double[] upTo = new double[bounds.length + 1];
        series.forEach(each -> each.addTo(upTo));
        return new BucketCounts(bounds, upTo);
    }

    /** What was counted since then; where series were forgotten in between, what is left of it. */
    public BucketCounts since(BucketCounts before) {
        double[] upToSince = new double[upTo.length];
        double most = 0;
        for (int i = 0; i < upTo.length; i++) {
            most = Math.max(most, upTo[i] - before.upTo[i]);
            upToSince[i] = most;
        }
        return new BucketCounts(bounds, upToSince);
    }

    /**
     * The value that this share of all values does not exceed, estimated as Prometheus does it: evenly spread within a bucket, and
     * the highest bound for what lies beyond it.
     *
     * @param share between 0 and 1
     * @return empty if nothing was counted
     */
    public OptionalDouble quantile(double share) {
        double rank = share * upTo[bounds.length];
        if (rank <= 0) {
            return OptionalDouble.empty();
        }
        for (int i = 0; i < bounds.length; i++) {
            if (upTo[i] >= rank) {
                double lowest = i == 0 ? 0 : bounds[i - 1];
                double below = i == 0 ? 0 : upTo[i - 1];
                return OptionalDouble.of(lowest + (bounds[i] - lowest) * (rank - below) / (upTo[i] - below));
            }
        }
        return OptionalDouble.of(bounds[bounds.length - 1]);
    }
}
