package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EventTimes;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.TokenUsage;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import io.prometheus.client.CollectorRegistry;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What answers told, as it is exported. */
final class TokenMetricsTest {

    private static final String NAMES = "route=\"r\",pool=\"p\",model=\"m\",engine=\"10.0.0.1:8000\",";

    private final CollectorRegistry registry = new CollectorRegistry();
    private final TokenMetrics metrics = new TokenMetrics(registry);

    private static ExchangeSummary answer(
            @Nullable FailureKind failure, @Nullable TokenUsage usage, @Nullable EventTimes events) {
        var head = new RequestHead(
                HttpMethod.POST,
                "/",
                EmptyHttpHeaders.INSTANCE,
                InetSocketAddress.createUnresolved("client", 1),
                "http",
                "id",
                0);
        return new ExchangeSummary(
                head,
                ClientProtocol.HTTP1,
                Requester.UNKNOWN,
                new RouteLabels("r", "p", "m"),
                new Endpoint("10.0.0.1", 8000, Endpoint.Protocol.HTTP1),
                200,
                failure,
                1,
                1,
                1,
                new ExchangeSummary.Timing(9, TimeUnit.MILLISECONDS.toNanos(40), 0, 0, 0),
                new ExchangeSummary.Learned(-1, null, usage, events));
    }

    private static EventTimes events(int count, long everyMillis) {
        var times = new EventTimes();
        for (int i = 0; i < count; i++) {
            times.arrived(1, TimeUnit.MILLISECONDS.toNanos(i * everyMillis));
        }
        return times;
    }

    private String text() {
        Exposition exposition = new Exposition(registry, () -> {});
        return new String(exposition.render(exposition.contentType(null)), UTF_8);
    }

    @Test
    void aStreamThatToldIsCountedAndTimed() {
        metrics.ended(answer(null, new TokenUsage(7, 4, 51), events(52, 20)));

        assertThat(text())
                .contains("penstock_tokens_total{" + NAMES + "kind=\"prompt\",} 7.0\n")
                .contains("penstock_tokens_total{" + NAMES + "kind=\"cached\",} 4.0\n")
                .contains("penstock_tokens_total{" + NAMES + "kind=\"completion\",} 51.0\n")
                .contains("penstock_time_to_first_token_seconds_bucket{" + NAMES + "le=\"0.025\",} 0.0\n")
                .contains("penstock_time_to_first_token_seconds_bucket{" + NAMES + "le=\"0.05\",} 1.0\n")
                .contains("# TYPE penstock_inter_token_seconds histogram\n")
                .contains("penstock_inter_token_seconds_bucket{" + NAMES + "le=\"0.015\",} 0.0\n")
                .contains("penstock_inter_token_seconds_bucket{" + NAMES + "le=\"0.02\",} 51.0\n")
                .contains("penstock_inter_token_seconds_bucket{" + NAMES + "le=\"+Inf\",} 51.0\n")
                .contains("penstock_inter_token_seconds_count{" + NAMES + "} 51.0\n")
                .contains("penstock_inter_token_seconds_sum{" + NAMES + "} 1.02\n")
                .contains("penstock_output_tokens_per_second_bucket{" + NAMES + "le=\"40.0\",} 0.0\n")
                .contains("penstock_output_tokens_per_second_bucket{" + NAMES + "le=\"50.0\",} 1.0\n")
                .doesNotContain("penstock_cut_stream_events_total{");
    }

    @Test
    void aStreamThatWasCutCountsWithWhatWasDelivered() {
        metrics.ended(answer(FailureKind.ENGINE_RESET, null, events(5, 20)));

        assertThat(text())
                .contains("penstock_cut_stream_events_total{" + NAMES + "} 5.0\n")
                .contains("penstock_inter_token_seconds_count{" + NAMES + "} 4.0\n")
                .doesNotContain("penstock_tokens_total{")
                .doesNotContain("penstock_output_tokens_per_second_count{");
    }

    @Test
    void anAnswerThatIsNoStreamIsCountedAndNotTimed() {
        metrics.ended(answer(null, new TokenUsage(7, -1, 0), null));
        metrics.ended(answer(null, null, null));

        assertThat(text())
                .contains("kind=\"prompt\",} 7.0\n")
                .doesNotContain("kind=\"cached\"")
                .doesNotContain("kind=\"completion\"")
                .doesNotContain("penstock_time_to_first_token_seconds_count{");
    }

    @Test
    void anEngineThatWentIsForgotten() {
        metrics.ended(answer(FailureKind.ENGINE_RESET, null, events(5, 20)));
        metrics.ended(answer(null, new TokenUsage(7, 4, 51), events(52, 20)));
        metrics.keepOnly(Set.of("10.0.0.1:8000"));
        assertThat(text()).contains("10.0.0.1:8000");
        metrics.keepOnly(Set.of("10.0.0.2:8000"));
        assertThat(text()).doesNotContain("10.0.0.1:8000");
    }
}
