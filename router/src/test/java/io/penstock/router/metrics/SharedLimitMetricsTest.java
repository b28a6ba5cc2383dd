package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.access.SharedLimits.Unanswered;
import io.prometheus.client.CollectorRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class SharedLimitMetricsTest {

    private final CollectorRegistry registry = new CollectorRegistry();
    private final SharedLimitMetrics metrics = new SharedLimitMetrics();
    private final AtomicBoolean up = new AtomicBoolean();

    private double questions(String outcome) {
        return registry.getSampleValue(
                MetricNames.SHARED_LIMITS_QUESTIONS, new String[] {"outcome"}, new String[] {outcome});
    }

    @Test
    void everyOutcomeIsThereFromTheStartAndCounted() {
        metrics.register(registry, up::get);
        for (Unanswered why : Unanswered.values()) {
            assertThat(questions(why.label())).isZero();
            metrics.unanswered(why);
            assertThat(questions(why.label())).isEqualTo(1);
        }
        metrics.answered(true, 1_500_000);
        metrics.answered(false, 500_000);
        metrics.bookingLost();
        assertThat(questions("passed")).isEqualTo(1);
        assertThat(questions("refused")).isEqualTo(1);
        assertThat(registry.getSampleValue("penstock_shared_limits_wait_seconds_sum"))
                .isEqualTo(0.002);
        assertThat(registry.getSampleValue(MetricNames.SHARED_LIMITS_LOST)).isEqualTo(1);
        assertThat(registry.getSampleValue(MetricNames.SHARED_LIMITS_UP)).isZero();
        up.set(true);
        assertThat(registry.getSampleValue(MetricNames.SHARED_LIMITS_UP)).isEqualTo(1);
    }
}
