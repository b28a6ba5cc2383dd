package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.client.Histogram;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BucketCountsTest {

    private static final double[] BOUNDS = {1, 2, 4};

    private final Histogram histogram =
            Histogram.build("h", "h").labelNames("l").buckets(BOUNDS).create();
    private final LateHistogram first = new LateHistogram(histogram, "a");
    private final LateHistogram second = new LateHistogram(histogram, "b");

    private BucketCounts counts() {
        return BucketCounts.sum(BOUNDS, List.of(first, second));
    }

    @Test
    void nothingCountedHasNoQuantile() {
        assertThat(counts().quantile(0.5)).isEmpty();
        first.observe(1.0);
        assertThat(counts().since(counts()).quantile(0.5)).isEmpty();
    }

    @Test
    void quantilesAreSpreadEvenlyWithinABucketOverAllSeries() {
        first.observe(1.5);
        second.observe(1.5);
        second.observe(3.0);
        second.observe(3.0);

        assertThat(counts().quantile(0.25)).hasValue(1.5);
        assertThat(counts().quantile(0.5)).hasValue(2);
        assertThat(counts().quantile(0.95).orElseThrow()).isCloseTo(3.8, within(1e-9));
    }

    @Test
    void whatLiesBeyondTheHighestBoundCountsAsThat() {
        first.observe(100.0);

        assertThat(counts().quantile(0.5)).hasValue(4);
    }

    @Test
    void onlyWhatWasCountedSinceIsSeen() {
        first.observe(3.0);
        BucketCounts before = counts();
        second.observe(0.5);

        assertThat(counts().since(before).quantile(1)).hasValue(1);
    }

    @Test
    void seriesThatWereForgottenLeaveNothingNegative() {
        first.observe(0.5);
        first.observe(0.5);
        second.observe(3.0);
        BucketCounts before = counts();
        second.observe(3.0);
        BucketCounts left = BucketCounts.sum(BOUNDS, List.of(second));

        assertThat(left.since(before).quantile(0.5)).isEmpty();
    }
}
