package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a change of the configuration leaves in the metrics. */
final class ReloadMetricsTest {

    private final RouterMetrics metrics = new RouterMetrics(new SomeFleet(), new Build("1.2.3", "17", "4.2"), "epoll");
    private final AtomicLong seconds = new AtomicLong(1_000);
    private final ReloadMetrics reloads =
            new ReloadMetrics(metrics.registry(), "first", () -> Instant.ofEpochSecond(seconds.get()));

    private String text() {
        return new String(metrics.exposition().render("text/plain; version=0.0.4; charset=utf-8"), UTF_8);
    }

    @Test
    void aNewConfigurationShowsItselfAndItsTime() {
        seconds.set(2_000);
        reloads.refused();
        assertThat(text())
                .contains("penstock_config_reloads_total{result=\"refused\",} 1.0\n")
                .contains("penstock_config_reloads_total{result=\"success\",} 0.0\n")
                .contains("penstock_config_info{hash=\"first\",} 1.0\n")
                .contains("penstock_config_last_reload_success_timestamp_seconds 1000.0\n");
        reloads.taken("second");
        assertThat(text())
                .contains("penstock_config_reloads_total{result=\"success\",} 1.0\n")
                .contains("penstock_config_info{hash=\"second\",} 1.0\n")
                .contains("penstock_config_last_reload_success_timestamp_seconds 2000.0\n")
                .doesNotContain("first\"");
    }
}
