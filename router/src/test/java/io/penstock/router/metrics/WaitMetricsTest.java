package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.fleet.EngineState;
import io.penstock.router.route.WaitEnd;
import org.junit.jupiter.api.Test;

final class WaitMetricsTest {

    private final SomeFleet fleet = new SomeFleet();
    private final RouterMetrics metrics = new RouterMetrics(fleet, new Build("1.2.3", "17", "4.2"), "epoll");

    private String text() {
        return new String(metrics.exposition().render("text/plain; version=0.0.4; charset=utf-8"), UTF_8);
    }

    @Test
    void waitsAndRefusalsAreCountedByPoolAndReason() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 1, 1);
        metrics.waits().waited("qwen", WaitEnd.ADMITTED, 30_000_000);
        metrics.waits().waited("qwen", WaitEnd.MAX_WAIT, 3_000_000_000L);
        metrics.waits().waited("qwen", WaitEnd.CLIENT_GONE, 1);
        metrics.waits().roomFull("qwen");

        assertThat(text())
                .contains("penstock_wait_seconds_count{pool=\"qwen\",end=\"admitted\",} 1.0\n")
                .contains("penstock_wait_seconds_sum{pool=\"qwen\",end=\"admitted\",} 0.03\n")
                .contains("penstock_wait_seconds_count{pool=\"qwen\",end=\"client_gone\",} 1.0\n")
                .contains("penstock_limit_refusals_total{pool=\"qwen\",reason=\"max_wait\",} 1.0\n")
                .contains("penstock_limit_refusals_total{pool=\"qwen\",reason=\"room_full\",} 1.0\n")
                .doesNotContain("reason=\"client_gone\"")
                .doesNotContain("reason=\"admitted\"");
    }

    @Test
    void aRemovedPoolIsForgotten() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 1, 1);
        metrics.expectPools();
        metrics.waits().waited("qwen", WaitEnd.ADMITTED, 1);
        assertThat(text()).contains("penstock_limit_refusals_total{pool=\"qwen\",reason=\"room_full\",} 0.0\n");
        fleet.engines.clear();

        assertThat(text()).doesNotContain("qwen");
    }
}
