package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.disaggregate.Fallback;
import io.penstock.router.disaggregate.HandoverObserver;
import io.penstock.router.disaggregate.PrefillFault;
import io.penstock.router.disaggregate.Side;
import io.penstock.router.disaggregate.Verdict;
import io.penstock.router.fleet.EngineState;
import org.junit.jupiter.api.Test;

final class HandoverMetricsTest {

    private final SomeFleet fleet = new SomeFleet();
    private final RouterMetrics metrics = new RouterMetrics(fleet, new Build("1.2.3", "17", "4.2"), "epoll");

    private String text() {
        return new String(metrics.exposition().render("text/plain; version=0.0.4; charset=utf-8"), UTF_8);
    }

    private void addPool() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 1, 1);
        fleet.add("qwen/prefill", "10.0.0.2:8000", EngineState.READY, 1, 1);
        metrics.expectPools();
    }

    @Test
    void countersOfADisaggregatedPoolAreThereFromTheStart() {
        fleet.add("plain", "10.0.0.9:8000", EngineState.READY, 1, 1);
        addPool();

        assertThat(text())
                .contains("penstock_prefill_failures_total{pool=\"qwen\",reason=\"no_parameters\",} 0.0\n")
                .contains("penstock_prefill_fallbacks_total{pool=\"qwen\",to=\"decode_local\",} 0.0\n")
                .contains("penstock_sibling_cancels_total{pool=\"qwen\",side=\"decode\",} 0.0\n")
                .doesNotContain("penstock_prefill_failures_total{pool=\"plain\"");
    }

    @Test
    void everythingThatHappensIsCounted() {
        addPool();
        HandoverObserver observer = metrics.handovers();
        observer.decided("qwen", Verdict.SHORT);
        observer.decided("qwen", Verdict.ALWAYS);
        observer.prefilled("qwen", 30_000_000);
        observer.prefillFailed("qwen", PrefillFault.TIMEOUT);
        observer.fellBack("qwen", Fallback.AGGREGATED);
        observer.handedOver("qwen", 1_000_000);
        observer.decoding("qwen", 5_000_000);
        observer.siblingCancelled("qwen", Side.PREFILL);
        observer.released("qwen", true);

        assertThat(text())
                .contains("penstock_handover_decisions_total{pool=\"qwen\",prefill=\"decode\",reason=\"short\",} 1.0\n")
                .contains(
                        "penstock_handover_decisions_total{pool=\"qwen\",prefill=\"prefill\",reason=\"always\",} 1.0\n")
                .contains("penstock_prefill_seconds_sum{pool=\"qwen\",} 0.03\n")
                .contains("penstock_prefill_failures_total{pool=\"qwen\",reason=\"timeout\",} 1.0\n")
                .contains("penstock_prefill_fallbacks_total{pool=\"qwen\",to=\"aggregated\",} 1.0\n")
                .contains("penstock_handover_age_seconds_sum{pool=\"qwen\",} 0.001\n")
                .contains("penstock_decode_first_byte_seconds_sum{pool=\"qwen\",} 0.005\n")
                .contains("penstock_sibling_cancels_total{pool=\"qwen\",side=\"prefill\",} 1.0\n")
                .contains("penstock_kv_releases_total{pool=\"qwen\",end=\"freed\",} 1.0\n")
                .contains("penstock_kv_releases_total{pool=\"qwen\",end=\"left\",} 0.0\n");
    }

    @Test
    void aRemovedPoolIsForgotten() {
        addPool();
        metrics.handovers().prefilled("qwen", 1);
        fleet.engines.clear();

        assertThat(text()).doesNotContain("qwen");
    }
}
