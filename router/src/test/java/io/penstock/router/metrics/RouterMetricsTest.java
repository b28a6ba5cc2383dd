package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.router.access.AccessCounts;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.StateCause;
import io.penstock.router.fleet.StateChanges;
import io.penstock.router.route.WaitEnd;
import io.penstock.router.tracing.SpanCounts;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RouterMetricsTest {

    private static final Endpoint ENGINE = new Endpoint("10.0.0.1", 8000, Endpoint.Protocol.HTTP1);
    private static final RouteLabels LABELS = new RouteLabels("chat", "qwen", "qwen2.5");
    private static final RequestHead HEAD = new RequestHead(
            HttpMethod.POST,
            "/v1/chat/completions",
            EmptyHttpHeaders.INSTANCE,
            InetSocketAddress.createUnresolved("client", 1),
            "http",
            "id",
            0);

    private final SomeFleet fleet = new SomeFleet();
    private final RouterMetrics metrics = new RouterMetrics(fleet, new Build("1.2.3", "17", "4.2"), "epoll");
    private final OffloadExecutor scans = new OffloadExecutor("scan-test", 1, 1);

    @BeforeEach
    void collectOffload() {
        metrics.registry().register(new OffloadCollector(() -> Map.of("scan", scans), () -> 3));
        metrics.registry().register(TokenizerCollectorTest.withoutTokenizers());
        metrics.registry().register(new BufferedBodiesCollector(() -> 5));
        metrics.registry().register(new AccessLogCollector(() -> 3));
        metrics.registry().register(new SpansCollector(new SpanCounts()));
        var unused = new ReloadMetrics(metrics.registry(), "hash", InstantSource.system());
        new SharedLimitMetrics().register(metrics.registry(), () -> true);
        metrics.registry().register(new AccessCollector(new AccessCounts(List.of("search"))));
    }

    @AfterEach
    void endThreads() {
        scans.close();
    }

    @Test
    void theExportedNamesArePinned() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 1, 1);
        fleet.changes.add(new StateChanges("qwen", "10.0.0.1:8000", EngineState.READY, StateCause.OPERATOR, 1));
        metrics.waits().waited("qwen", WaitEnd.ADMITTED, 1);
        metrics.waits().roomFull("qwen");
        tellEverything();

        assertThat(names("penstock_")).containsExactlyElementsOf(ExportedNames.OF_PENSTOCK);
        assertThat(names("jvm_")).contains("jvm_memory_bytes_used", "jvm_gc_collection_seconds", "jvm_threads_current");
        assertThat(names("process_")).contains("process_cpu_seconds_total", "process_open_fds");
    }

    @Test
    void poolsAndStateChangesAreShown() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.HALF_OPEN, 1, 1);
        fleet.changes.add(new StateChanges("qwen", "10.0.0.1:8000", EngineState.EJECTED, StateCause.FAILURE_RATIO, 4));

        assertThat(text())
                .contains("penstock_waiting_requests{pool=\"qwen\",} 3.0\n")
                .contains("penstock_waiting_requests_limit{pool=\"qwen\",} 5.0\n")
                .contains("penstock_engine_requests_limit{pool=\"qwen\",} 2.0\n")
                .contains("penstock_pool_requests_limit{pool=\"qwen\",} 7.0\n")
                .contains("penstock_engine_state_changes_total{pool=\"qwen\",engine=\"10.0.0.1:8000\","
                        + "state=\"ejected\",cause=\"failure_ratio\",} 4.0\n")
                .contains("state=\"half_open\",} 1.0\n");
    }

    @Test
    void noCreatedSeriesAreWrittenInEitherFormat() {
        tellEverything();

        assertThat(text()).doesNotContain("_created ").doesNotContain("_created{");
        assertThat(openMetrics()).doesNotContain("_created ").doesNotContain("_created{");
    }

    @Test
    void openMetricsIsWrittenOnlyWhereItIsAskedFor() {
        Exposition exposition = metrics.exposition();

        assertThat(exposition.contentType("application/openmetrics-text; version=1.0.0"))
                .startsWith("application/openmetrics-text");
        assertThat(exposition.contentType("*/*")).startsWith("text/plain; version=0.0.4");
        assertThat(exposition.contentType(null)).startsWith("text/plain; version=0.0.4");
        assertThat(openMetrics()).endsWith("# EOF\n");
    }

    @Test
    void aRequestIsCountedUnderItsNames() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 0, 0);
        metrics.exchangeBegan(HEAD);
        assertThat(text()).contains("penstock_requests_in_flight 1.0\n");

        metrics.exchangeEnded(summary(ENGINE, 200, null));

        assertThat(text())
                .contains("penstock_requests_in_flight 0.0\n")
                .contains("penstock_requests_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\","
                        + "engine=\"10.0.0.1:8000\",status=\"200\",failure=\"none\",} 1.0\n")
                .contains("penstock_request_bytes_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\",} 100.0\n")
                .contains("penstock_response_bytes_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\",} 2000.0\n")
                .contains(added("5.0E-5", 0))
                .contains(added("1.0E-4", 1));
    }

    private static String added(String bucket, int count) {
        return "penstock_router_added_seconds_bucket{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\",le=\"" + bucket
                + "\",} " + count + ".0\n";
    }

    @Test
    void aRefusedRequestHasNoEngineAndNoFirstByte() {
        metrics.exchangeBegan(HEAD);
        metrics.exchangeEnded(new ExchangeSummary(
                HEAD,
                ClientProtocol.HTTP1,
                Requester.UNKNOWN,
                RouteLabels.NONE,
                null,
                404,
                FailureKind.MODEL_NOT_FOUND,
                0,
                10,
                20,
                new ExchangeSummary.Timing(1_000, -1, 0, -1, 0),
                ExchangeSummary.Learned.NOTHING));

        assertThat(text())
                .contains("engine=\"none\",status=\"404\",failure=\"model_not_found\",} 1.0\n")
                .contains("penstock_request_duration_seconds_count{route=\"none\",pool=\"none\",model=\"none\",} 1.0\n")
                .doesNotContain("penstock_first_byte_seconds_count{")
                .doesNotContain("penstock_router_added_seconds_count{")
                .doesNotContain("penstock_connection_wait_seconds_count{");
    }

    @Test
    void everyFamilyHasItsHelpAndTypeFromTheStart() throws IllegalAccessException {
        String text = text();

        for (Field name : MetricNames.class.getFields()) {
            // the composed router registers these groups itself
            if (!String.valueOf(name.get(null)).matches("penstock_(discovery|event_loop|tls)_.*")) {
                assertThat(text).contains("# HELP " + name.get(null) + " ", "# TYPE " + name.get(null) + " ");
            }
        }
        assertThat(openMetrics()).contains("# TYPE penstock_retries counter");
    }

    @Test
    void whatIsKnownAtTheStartIsShownWithZeros() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.NEW, 0, 0);
        metrics.expectEngine(ENGINE);
        metrics.expectRoute("chat", "qwen", List.of("qwen2.5"), ENGINE);

        assertThat(text())
                .contains("penstock_retries_total{route=\"chat\",engine=\"10.0.0.1:8000\","
                        + "failure=\"connect_failed\",} 0.0\n")
                .contains("penstock_engine_connect_failures_total{engine=\"10.0.0.1:8000\","
                        + "failure=\"connect_timeout\",} 0.0\n")
                .contains("penstock_engine_connects_total{engine=\"10.0.0.1:8000\",protocol=\"http1\",} 0.0\n")
                .contains("penstock_engine_connections_open{engine=\"10.0.0.1:8000\",} 0.0\n")
                .contains("penstock_requests_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\","
                        + "engine=\"10.0.0.1:8000\",status=\"200\",failure=\"none\",} 0.0\n")
                .contains("penstock_client_aborts_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\",} 0.0\n")
                .doesNotContain("protocol=\"h2c\"")
                .doesNotContain("_bucket{route");
    }

    @Test
    void aClientThatLeftIsAnAbort() {
        metrics.exchangeBegan(HEAD);
        metrics.exchangeEnded(summary(ENGINE, 499, FailureKind.CLIENT_GONE));

        assertThat(text())
                .contains("penstock_client_aborts_total{route=\"chat\",pool=\"qwen\",model=\"qwen2.5\",} 1.0\n");
    }

    @Test
    void modelsBeyondTheLimitShareOneSeries() {
        for (int i = 0; i < RouteMetrics.MAX_COMBINATIONS; i++) {
            ended(new RouteLabels("r", "p", "model-" + i), 200);
        }
        ended(new RouteLabels("r", "p", "one-too-many"), 200);

        assertThat(text())
                .doesNotContain("penstock_request_bytes_total{route=\"r\",pool=\"p\",model=\"one-too-many\"")
                .contains("penstock_request_bytes_total{route=\"other\",pool=\"other\",model=\"other\",} 100.0\n");
    }

    @Test
    void combinationsBeyondTheLimitAreCountedTogether() {
        for (int i = 0; i < ExchangeMetrics.MAX_COMBINATIONS; i++) {
            ended(LABELS, 1_000 + i);
        }
        ended(LABELS, 1);

        assertThat(text())
                .doesNotContain("status=\"1\"")
                .contains("penstock_requests_total{route=\"other\",pool=\"other\",model=\"other\","
                        + "engine=\"none\",status=\"other\",failure=\"none\",} 1.0\n");
    }

    private void ended(RouteLabels labels, int status) {
        metrics.exchangeEnded(summary(labels, null, status, null, new ExchangeSummary.Timing(1, 1, 1, 1, 0)));
    }

    @Test
    void theFleetIsShownAsItIsAtTheScrape() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.DOWN, 3, 7);
        assertThat(text())
                .contains("penstock_engine_state{pool=\"qwen\",engine=\"10.0.0.1:8000\",state=\"down\",} 1.0\n")
                .contains("penstock_engine_state{pool=\"qwen\",engine=\"10.0.0.1:8000\",state=\"ready\",} 0.0\n")
                .contains("penstock_engine_in_flight{pool=\"qwen\",engine=\"10.0.0.1:8000\",} 3.0\n")
                .contains("penstock_engine_sessions_homed{pool=\"qwen\",engine=\"10.0.0.1:8000\",} 7.0\n");
    }

    @Test
    void connectionsAreCountedPerEngineOverItsProtocols() {
        var h2 = new Endpoint(ENGINE.host(), ENGINE.port(), Endpoint.Protocol.H2C);
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 0, 0);
        metrics.upstreamConnected(ENGINE, Endpoint.Protocol.HTTP1, 1_000_000);
        metrics.upstreamIdle(ENGINE);
        metrics.upstreamConnected(h2, Endpoint.Protocol.H2C, 1_000_000);

        assertThat(text())
                .contains("penstock_engine_connections_open{engine=\"10.0.0.1:8000\",} 2.0\n")
                .contains("penstock_engine_connections_idle{engine=\"10.0.0.1:8000\",} 1.0\n")
                .contains("penstock_engine_connects_total{engine=\"10.0.0.1:8000\",protocol=\"http2\",} 1.0\n")
                .contains("penstock_engine_connect_seconds_count{engine=\"10.0.0.1:8000\",} 2.0\n");
    }

    @Test
    void anEngineThatLeftIsForgottenOnceItsConnectionsAreClosed() {
        fleet.add("qwen", "10.0.0.1:8000", EngineState.READY, 0, 0);
        tellEverything();
        metrics.upstreamIdleEnded(ENGINE);
        fleet.engines.clear();

        assertThat(text())
                .contains("penstock_engine_connections_open{engine=\"10.0.0.1:8000\",} 1.0\n")
                .doesNotContain("penstock_requests_total{route=\"chat\"");

        metrics.upstreamDisconnected(ENGINE);

        assertThat(text()).doesNotContain("10.0.0.1:8000");
    }

    @Test
    void whatIsRunningIsInTheLabelsOfTheBuild() {
        assertThat(text())
                .contains(
                        "penstock_build_info{version=\"1.2.3\",java=\"17\",netty=\"4.2\",transport=\"epoll\",} 1.0\n");
    }

    @Test
    void theRoutersVersionIsReadFromTheBuild() {
        assertThat(Build.read().version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Build.read().netty()).startsWith("4.2.");
    }

    private void tellEverything() {
        metrics.clientConnected(ClientProtocol.HTTP1);
        metrics.exchangeBegan(HEAD);
        metrics.exchangeEnded(summary(ENGINE, 499, FailureKind.CLIENT_GONE));
        metrics.retried(LABELS, ENGINE, FailureKind.CONNECT_FAILED);
        metrics.upstreamConnectFailed(ENGINE, FailureKind.CONNECT_TIMEOUT);
        metrics.upstreamConnected(ENGINE, Endpoint.Protocol.HTTP1, 500_000);
        metrics.upstreamIdle(ENGINE);
    }

    private static ExchangeSummary summary(Endpoint engine, int status, @Nullable FailureKind failure) {
        var timing = new ExchangeSummary.Timing(2_000_000_000L, 30_000_000L, 0, 80_000, 0);
        return summary(LABELS, engine, status, failure, timing);
    }

    private static ExchangeSummary summary(
            RouteLabels labels,
            @Nullable Endpoint engine,
            int status,
            @Nullable FailureKind failure,
            ExchangeSummary.Timing timing) {
        return new ExchangeSummary(
                HEAD,
                ClientProtocol.HTTP1,
                Requester.UNKNOWN,
                labels,
                engine,
                status,
                failure,
                1,
                100,
                2_000,
                timing,
                ExchangeSummary.Learned.NOTHING);
    }

    private Set<String> names(String prefix) {
        return text().lines()
                .filter(line -> line.startsWith("# TYPE " + prefix) && !line.contains(" penstock_tokeni"))
                .map(line -> List.of(line.split(" ")).get(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String text() {
        Exposition exposition = metrics.exposition();
        return new String(exposition.render(exposition.contentType(null)), UTF_8);
    }

    private String openMetrics() {
        Exposition exposition = metrics.exposition();
        return new String(exposition.render(exposition.contentType("application/openmetrics-text")), UTF_8);
    }
}
