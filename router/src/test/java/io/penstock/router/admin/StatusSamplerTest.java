package io.penstock.router.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.RouterMetrics;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the status page is told each second. */
final class StatusSamplerTest {

    private static final Build BUILD = new Build("1.2.3", "17", "4.2");
    private static final LimitsConfig LIMITS = new LimitsConfig(2, 7, 5, Duration.ofSeconds(10));
    private static final RequestHead HEAD = new RequestHead(
            HttpMethod.POST,
            "/v1/chat/completions",
            EmptyHttpHeaders.INSTANCE,
            InetSocketAddress.createUnresolved("client", 1),
            "http",
            "id",
            0);

    private final SomeFleet fleet = new SomeFleet();
    private final ManualTicker ticker = new ManualTicker();
    private final RouterMetrics metrics = new RouterMetrics(fleet, BUILD, "nio");
    private final List<DiscoveryView> discovered = new ArrayList<>();
    private boolean draining;
    private final StatusSampler sampler = sampler();

    private StatusSampler sampler() {
        var life = AdminPages.Life.from(BUILD, ticker, () -> draining);
        var json = new StatusJson(() -> discovered, new Readiness(fleet, life.draining()), life);
        return new StatusSampler(fleet, metrics::traffic, ticker, json);
    }

    private JsonNode sample() throws Exception {
        String event = new String(sampler.event(3), StandardCharsets.UTF_8);
        assertThat(event).startsWith("data: {").endsWith("}\n\n");
        assertThat(event.strip()).doesNotContain("\n");
        return new ObjectMapper().readTree(event.substring("data: ".length()));
    }

    private JsonNode sampleAfter(int seconds) throws Exception {
        ticker.advance(Duration.ofSeconds(seconds));
        return sample();
    }

    private void pool(EngineView... engines) {
        fleet.pools.add(new PoolView("chat", true, true, List.of(engines), 3, LIMITS, false));
    }

    private static EngineView engine(String name, EngineState state) {
        return new EngineView("chat", name, state, 2, 5, List.of("qwen", "lora"));
    }

    private void answered(String engine, @Nullable FailureKind failure, long addedNanos) {
        metrics.exchangeBegan(HEAD);
        metrics.exchangeEnded(summary(engine, failure, addedNanos));
    }

    private static ExchangeSummary summary(String engine, @Nullable FailureKind failure, long addedNanos) {
        return summary(engine, failure, addedNanos, ExchangeSummary.Learned.NOTHING);
    }

    private static ExchangeSummary told(String engine, @Nullable TokenUsage usage, @Nullable EventTimes events) {
        return summary(engine, null, 0, new ExchangeSummary.Learned(-1, null, usage, events));
    }

    private static ExchangeSummary summary(
            String engine, @Nullable FailureKind failure, long addedNanos, ExchangeSummary.Learned learned) {
        long firstByte = TimeUnit.MILLISECONDS.toNanos(75);
        return new ExchangeSummary(
                HEAD,
                ClientProtocol.HTTP1,
                Requester.UNKNOWN,
                new RouteLabels("r", "chat", "qwen"),
                new Endpoint(engine, 8000, Endpoint.Protocol.HTTP1),
                failure == null ? 200 : failure.status(),
                failure,
                1,
                1,
                1,
                new ExchangeSummary.Timing(firstByte, firstByte, 0, addedNanos, 0),
                learned);
    }

    @Test
    void theFleetIsShownAsItIs() throws Exception {
        pool(engine("a:8000", EngineState.READY), engine("b:8000", EngineState.EJECTED));

        JsonNode status = sampleAfter(61);

        assertThat(status.at("/version").asText()).isEqualTo("1.2.3");
        assertThat(status.at("/uptimeSeconds").asInt()).isEqualTo(61);
        assertThat(status.at("/ready").asBoolean()).isTrue();
        assertThat(status.at("/watchers").asInt()).isEqualTo(3);
        JsonNode pool = status.at("/pools/0");
        assertThat(pool.at("/name").asText()).isEqualTo("chat");
        assertThat(pool.at("/canServe").asBoolean()).isTrue();
        assertThat(pool.at("/waiting").asInt()).isEqualTo(3);
        assertThat(pool.at("/waitingLimit").asInt()).isEqualTo(5);
        assertThat(pool.at("/requestsLimit").asInt()).isEqualTo(7);
        assertThat(pool.at("/engineLimit").asInt()).isEqualTo(2);
        assertThat(pool.at("/modelCount").asInt()).isEqualTo(2);
        assertThat(pool.at("/models/1").asText()).isEqualTo("lora");
        assertThat(pool.at("/engines/0/inFlight").asInt()).isEqualTo(2);
        assertThat(pool.at("/engines/0/sessions").asInt()).isEqualTo(5);
        assertThat(pool.at("/engines/1/name").asText()).isEqualTo("b:8000");
        assertThat(pool.at("/engines/1/state").asText()).isEqualTo("ejected");
    }

    @Test
    void manyModelsAreCountedAndNotListed() throws Exception {
        List<String> adapters =
                IntStream.range(0, 500).mapToObj(i -> "adapter-" + i).toList();
        pool(new EngineView("chat", "a:8000", EngineState.READY, 0, 0, adapters));

        JsonNode pool = sample().at("/pools/0");

        assertThat(pool.at("/modelCount").asInt()).isEqualTo(500);
        assertThat(pool.at("/models")).hasSize(StatusJson.MAX_MODELS);
    }

    @Test
    void theFirstReadingKnowsNoRate() throws Exception {
        answered("a", null, 200_000);
        pool(engine("a:8000", EngineState.READY));

        JsonNode status = sample();

        assertThat(status.get("requestsPerSecond").isNull()).isTrue();
        assertThat(status.at("/pools/0/engines/0").get("tokensPerSecond").isNull())
                .isTrue();
        assertThat(status.at("/firstToken").get("median").isNull()).isTrue();
    }

    @Test
    void requestsAndFailuresCountPerSecondButNotWhatClientsDidWrong() throws Exception {
        answered("a", null, 200_000);
        sample();
        answered("a", null, 200_000);
        answered("a", FailureKind.ENGINE_RESET, 200_000);
        answered("a", FailureKind.CLIENT_GONE, 200_000);
        answered("a", null, 200_000);

        JsonNode status = sampleAfter(2);

        assertThat(status.at("/requestsPerSecond").asDouble()).isEqualTo(2);
        assertThat(status.at("/failuresPerSecond").asDouble()).isEqualTo(0.5);
        assertThat(status.at("/added/median").asDouble()).isCloseTo(0.00015, within(1e-9));
        assertThat(status.at("/added/p95").asDouble()).isCloseTo(0.000195, within(1e-9));
    }

    @Test
    void tokensCountByUsageElseByEventsForEachEngine() throws Exception {
        pool(engine("a:8000", EngineState.READY), engine("b:8000", EngineState.READY));
        sample();
        var events = new EventTimes();
        events.arrived(1, 0);
        events.arrived(1, 1_000_000);
        metrics.exchangeEnded(told("a", new TokenUsage(7, 0, 40), events));
        metrics.exchangeEnded(told("b", null, events));

        JsonNode status = sampleAfter(2);

        assertThat(status.at("/tokensPerSecond").asDouble()).isEqualTo(21);
        assertThat(status.at("/pools/0/engines/0/tokensPerSecond").asDouble()).isEqualTo(20);
        assertThat(status.at("/pools/0/engines/1/tokensPerSecond").asDouble()).isEqualTo(1);
        assertThat(status.at("/firstToken/median").asDouble()).isBetween(0.05, 0.1);
    }

    @Test
    void ratesLookBackTenSecondsAndNotFurther() throws Exception {
        sample();
        answered("a", null, 200_000);
        for (int second = 1; second <= 10; second++) {
            assertThat(sampleAfter(1).at("/requestsPerSecond").asDouble()).isEqualTo(1.0 / second);
        }

        JsonNode status = sampleAfter(1);

        assertThat(status.at("/requestsPerSecond").asDouble()).isZero();
        assertThat(status.at("/added").get("median").isNull()).isTrue();
    }

    @Test
    void whoComesBackAfterALongTimeIsToldNothingOfIt() throws Exception {
        sample();
        answered("a", null, 200_000);

        assertThat(sampleAfter(3600).get("requestsPerSecond").isNull()).isTrue();
    }

    @Test
    void anEngineThatWasForgottenAndCameBackBeginsAnew() throws Exception {
        fleet.engines.add(engine("a:8000", EngineState.READY));
        pool(engine("a:8000", EngineState.READY));
        metrics.exchangeEnded(told("a", new TokenUsage(7, 0, 40), null));
        sample();
        fleet.engines.clear();
        var unused = metrics.exposition().render("text/plain; version=0.0.4; charset=utf-8");
        metrics.exchangeEnded(told("a", new TokenUsage(7, 0, 10), null));

        assertThat(sampleAfter(1).at("/tokensPerSecond").asDouble()).isEqualTo(10);
    }

    @Test
    void aRouterThatDrainsSaysSo() throws Exception {
        pool(engine("a:8000", EngineState.READY));
        draining = true;

        assertThat(sample().at("/draining").asBoolean()).isTrue();
        assertThat(sample().at("/ready").asBoolean()).isFalse();
    }

    @Test
    void howEnginesAreFoundAndWhatTheyAreForIsTold() throws Exception {
        List.of("pd", "pd/prefill", "chat").forEach(name -> {
            List<EngineView> none = List.of();
            fleet.pools.add(new PoolView(name, true, true, none, 0, LIMITS, false));
        });
        discovered.add(new DiscoveryView("pd/prefill", "dns", "dns vllm.svc", 1, 2, 12.5, 99.5, 3, "no such name"));
        JsonNode status = sample();
        assertThat(status.at("/pools/0/role").asText()).isEqualTo("decode");
        assertThat(status.at("/pools/1/role").asText()).isEqualTo("prefill");
        assertThat(status.at("/pools/2/role").isNull()).isTrue();
        assertThat(status.at("/pools/0").has("discovery")).isFalse();
        assertThat(status.at("/pools/1/discovery/place").asText()).isEqualTo("dns vllm.svc");
        assertThat(status.at("/pools/1/discovery/changeSeconds").asDouble()).isEqualTo(99.5);
        assertThat(status.at("/pools/1/discovery/problem").asText()).isEqualTo("no such name");
    }
}
