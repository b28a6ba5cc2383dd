package io.penstock.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.RouterMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdminPagesTest {

    private static final LimitsConfig LIMITS = new LimitsConfig(2, 7, 5, Duration.ofSeconds(10));

    private static final Build BUILD = new Build("1.2.3", "17", "4.2");

    private final SomeFleet fleet = new SomeFleet();
    private final List<DiscoveryView> discovered = new ArrayList<>();
    private final ArrayDeque<Runnable> worker = new ArrayDeque<>();
    private boolean draining;
    private boolean workerIsFull;
    private final EmbeddedChannel channel = connection();

    @AfterEach
    void nothingIsLeftBehind() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aliveAsLongAsItAnswers() {
        assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nalive\n");
    }

    @Test
    void readyWhileTheFleetIs() {
        pool("chat", true, true, EngineState.READY);

        assertThat(get("/readyz")).startsWith("HTTP/1.1 200 OK").endsWith("ready\n");
    }

    @Test
    void notReadyWhileDraining() {
        pool("chat", true, true, EngineState.READY);
        draining = true;

        assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ").contains("draining");
    }

    @Test
    void aDeadPoolIsNamedAndTakesTheOthersNotAlong() {
        pool("good", true, true, EngineState.READY);
        pool("bad", false, true, EngineState.DOWN);

        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("ready, but no engine may be picked in bad (bad:1 down)\n");
    }

    @Test
    void notReadyWhenNoPoolCanServe() {
        pool("a", false, true, EngineState.DOWN);
        pool("b", false, true, EngineState.DRAINING);

        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("not ready: no engine may be picked in a (a:1 down), b (b:1 draining)\n");
    }

    @Test
    void notReadyWhileAPoolIsProbedForTheFirstTime() {
        pool("known", true, true, EngineState.READY);
        pool("unknown", true, false, EngineState.NEW);

        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("not ready: the first probes are under way in unknown (unknown:1 new)\n");
    }

    private void pool(String name, boolean canServe, boolean probed, EngineState state) {
        List<EngineView> engines = List.of(new EngineView(name, name + ":1", state, 0, 0, List.of()));
        fleet.pools.add(new PoolView(name, canServe, probed, engines, 0, LIMITS, false));
    }

    @Test
    void howThePoolsEnginesAreFoundIsShownWithWhatIsWrong() throws Exception {
        var engine = new EngineView("chat", "a:1", EngineState.READY, 2, 0, 5, List.of(), Map.of("zone", "eu-1a"));
        fleet.pools.add(new PoolView("chat", true, true, List.of(engine), 0, LIMITS, false));
        discovered.add(new DiscoveryView("chat", "dns", "dns vllm.svc", 1, 2, 12.5, 99.5, 3, "no such name"));

        JsonNode pool = json(get("/fleet")).at("/pools/0");

        assertThat(pool.at("/discovery").toString())
                .isEqualTo("{\"source\":\"dns\",\"place\":\"dns vllm.svc\",\"engines\":1,\"withheld\":2,"
                        + "\"ageSeconds\":12.5,\"changeSeconds\":99.5,\"errors\":3,\"problem\":\"no such name\"}");
        assertThat(pool.at("/engines/0/labels").toString()).isEqualTo("{\"zone\":\"eu-1a\"}");
    }

    @Test
    void aSourceThatNeverAnsweredChangedNothing() throws Exception {
        fleet.pools.add(new PoolView("chat", false, false, List.of(), 0, LIMITS, false));
        discovered.add(new DiscoveryView("chat", "dns", "dns vllm.svc", 0, 0, 12.5, null, 3, "no such name"));

        JsonNode change = json(get("/fleet")).at("/pools/0/discovery/changeSeconds");

        assertThat(change.isNull()).isTrue();
    }

    @Test
    void theFleetIsShownByPool() throws Exception {
        var first = new EngineView("chat", "a:1", EngineState.READY, 2, 5, List.of("qwen", "lora"));
        var second = new EngineView("chat", "b:2", EngineState.EJECTED, 0, 0, List.of("qwen"));
        fleet.pools.add(new PoolView("chat", true, true, List.of(first, second), 3, LIMITS, false));

        JsonNode json = json(get("/fleet"));

        assertThat(json.at("/version").asText()).isEqualTo("1.2.3");
        assertThat(json.at("/uptimeSeconds").asInt()).isEqualTo(42);
        assertThat(json.at("/ready").asBoolean()).isTrue();
        assertThat(json.at("/pools/0/name").asText()).isEqualTo("chat");
        assertThat(json.at("/pools/0/canServe").asBoolean()).isTrue();
        assertThat(json.at("/pools/0/waiting").asInt()).isEqualTo(3);
        assertThat(json.at("/pools/0/limits/engineRequests").asInt()).isEqualTo(2);
        assertThat(json.at("/pools/0/limits/poolRequests").asInt()).isEqualTo(7);
        assertThat(json.at("/pools/0/limits/waiting").asInt()).isEqualTo(5);
        assertThat(json.at("/pools/0/engines/0/inFlight").asInt()).isEqualTo(2);
        assertThat(json.at("/pools/0/engines/0/sessionsHomed").asInt()).isEqualTo(5);
        assertThat(json.at("/pools/0/engines/0/models/1").asText()).isEqualTo("lora");
        assertThat(json.at("/pools/0/engines/1/state").asText()).isEqualTo("ejected");
    }

    @Test
    void anEngineIsDrainedByName() {
        fleet.engines.add(new EngineView("chat", "a:1", EngineState.READY, 0, 0, List.of()));

        assertThat(send("POST", "/fleet/drain?engine=a:1")).startsWith("HTTP/1.1 200 OK");
        assertThat(fleet.drained).containsExactly("a:1 true");
        assertThat(send("POST", "/fleet/undrain?engine=a%3A1")).startsWith("HTTP/1.1 200 OK");
        assertThat(fleet.drained).containsExactly("a:1 true", "a:1 false");
    }

    @Test
    void anUnknownEngineIsNotFoundAndTheKnownOnesAreNamed() {
        fleet.engines.add(new EngineView("chat", "a:1", EngineState.READY, 0, 0, List.of()));

        assertThat(send("POST", "/fleet/drain?engine=c:3"))
                .startsWith("HTTP/1.1 404 Not Found")
                .contains("no engine is named c:3; there are a:1");
        assertThat(send("POST", "/fleet/drain")).startsWith("HTTP/1.1 400 Bad Request");
    }

    @Test
    void anUnknownPageIsNotFoundAndAnUnknownMethodNotAllowed() throws Exception {
        String missing = get("/nothing");
        assertThat(missing).startsWith("HTTP/1.1 404 Not Found").contains("content-type: application/json");
        assertThat(json(missing).at("/error/code").asText()).isEqualTo("not_found");
        assertThat(get("/fleet/drain?engine=a:1"))
                .startsWith("HTTP/1.1 405 Method Not Allowed")
                .contains("\r\nallow: POST\r\n");
        assertThat(fleet.drained).isEmpty();
    }

    @Test
    void metricsAreMadeOnTheWorkerInTheFormatAskedFor() {
        write("GET /metrics HTTP/1.1\r\nhost: x\r\naccept: application/openmetrics-text\r\n\r\n");
        assertThat(channel.<ByteBuf>readOutbound()).isNull();

        worker.remove().run();
        channel.runPendingTasks();

        assertThat(written())
                .contains("content-type: application/openmetrics-text")
                .contains("penstock_build_info{version=\"1.2.3\"")
                .endsWith("# EOF\n");
    }

    @Test
    void tooManyScrapesAreRefused() {
        workerIsFull = true;

        assertThat(get("/metrics")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        write("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\nGET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(channel.<ByteBuf>readOutbound()).isNull();

        worker.remove().run();
        channel.runPendingTasks();

        assertThat(written()).startsWith("HTTP/1.1 200 OK").endsWith("alive\n").contains("penstock_build_info");
    }

    @Test
    void aBadlyEncodedTargetIsRefused() {
        assertThat(send("POST", "/fleet/drain?engine=%zz")).startsWith("HTTP/1.1 400 Bad Request");
    }

    @Test
    void headIsAnsweredWithoutABody() {
        assertThat(send("HEAD", "/livez")).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\n");
    }

    @Test
    void theConnectionIsClosedWhereTheClientWantsThat() {
        write("GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

        assertThat(written()).contains("connection: close");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aMalformedRequestIsRefusedAndItsConnectionClosed() {
        write("GET /livez HTTP/1.1\r\nno colon\r\n\r\n");

        assertThat(written()).startsWith("HTTP/1.1 400 Bad Request");
        assertThat(channel.isOpen()).isFalse();
    }

    private EmbeddedChannel connection() {
        var metrics = new RouterMetrics(fleet, BUILD, "nio");
        long begun = -TimeUnit.SECONDS.toNanos(42);
        var life = new AdminPages.Life(BUILD, () -> 0, begun, () -> draining);
        var made = new EmbeddedChannel();
        made.config().setAutoRead(false);
        AdminServer.addHandlers(
                made.pipeline(), AdminPages.of(fleet, () -> discovered, metrics, life), this::executeOnWorker);
        made.pipeline().fireChannelActive();
        return made;
    }

    private void executeOnWorker(Runnable task) {
        if (workerIsFull) {
            throw new RejectedExecutionException("full");
        }
        worker.add(task);
    }

    private String get(String target) {
        return send("GET", target);
    }

    private String send(String method, String target) {
        write(method + " " + target + " HTTP/1.1\r\nhost: x\r\n\r\n");
        return written();
    }

    private void write(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.UTF_8));
    }

    private String written() {
        var text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString();
    }

    private static JsonNode json(String response) throws Exception {
        return new ObjectMapper().readTree(response.substring(response.indexOf("\r\n\r\n")));
    }
}
