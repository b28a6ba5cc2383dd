package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.StreamFlushes;
import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StreamMetricsTest {

    private static final RouteLabels CHAT = new RouteLabels("chat", "qwen", "m");

    private final CollectorRegistry registry = new CollectorRegistry();
    private final StreamMetrics metrics = new StreamMetrics(registry);

    private Double value(String name) {
        return registry.getSampleValue(name, new String[] {"route"}, new String[] {"chat"});
    }

    private Double flushes(FlushReason why) {
        return registry.getSampleValue(
                "penstock_stream_flushes_total", new String[] {"route", "reason"}, new String[] {"chat", why.label()});
    }

    @Test
    void streamsAddUpByRouteAndReason() {
        for (int i = 0; i < 2; i++) {
            metrics.flushed(CHAT, new StreamFlushes(Map.of(FlushReason.FIRST, 1, FlushReason.EVENTS, 4), 33, 30, 1000));
        }
        assertThat(flushes(FlushReason.FIRST)).isEqualTo(2);
        assertThat(flushes(FlushReason.EVENTS)).isEqualTo(8);
        assertThat(value("penstock_stream_events_total")).isEqualTo(66);
        assertThat(value("penstock_stream_writes_saved_total"))
                .as("30 reads, 5 writes, twice")
                .isEqualTo(50);
        assertThat(value("penstock_stream_bytes_saved_total")).isEqualTo(2000);
    }

    @Test
    void aRouteIsThereFromTheStart() {
        metrics.expect("chat");
        for (FlushReason why : FlushReason.values()) {
            assertThat(flushes(why)).isZero();
        }
        assertThat(value("penstock_stream_writes_saved_total")).isZero();
    }
}
