package io.penstock.router.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ExchangeTrace;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.http.TraceContext;
import io.penstock.router.config.TracingConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestTracesTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final RouteLabels LABELS = new RouteLabels("chat", "qwen", "qwen2.5");
    private static final Endpoint ENGINE = new Endpoint("10.0.0.1", 8000, Endpoint.Protocol.HTTP1);

    private final List<SpanData> exported = new ArrayList<>();
    private final HttpHeaders headers = new DefaultHttpHeaders();
    private boolean collects = true;

    private RequestTraces traces(double sampling) {
        var config = new TracingConfig(
                "http://c:4318/v1/traces", null, sampling, Map.of(), Map.of(), "router-1", Map.of("a", "b"));
        return new RequestTraces(config, "1.2", new SpanQueue.SpanExport() {
            @Override
            public boolean export(List<SpanData> batch) {
                exported.addAll(batch);
                return collects;
            }

            @Override
            public void close() {}
        });
    }

    private RequestHead head(String uri) throws UnknownHostException {
        var client = new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7}), 4711);
        return new RequestHead(HttpMethod.POST, uri, headers, client, "http", "id-1", 0);
    }

    private ExchangeSummary summary(String uri, int status, @Nullable FailureKind failure) throws UnknownHostException {
        return new ExchangeSummary(
                head(uri),
                ClientProtocol.HTTP2,
                new Requester(0xabcL, "team-a"),
                LABELS,
                ENGINE,
                status,
                failure,
                2,
                100,
                2_000,
                new ExchangeSummary.Timing(9_000_000, 5_000_000, 2_500_000, 80_000, 1_000_000),
                ExchangeSummary.Learned.NOTHING);
    }

    private static HttpHeaders sent(AttemptTrace attempt, HttpHeaders toEngine) {
        attempt.sending(toEngine);
        return toEngine;
    }

    /** One request with two attempts, of which the first is refused. */
    private List<HttpHeaders> run(RequestTraces traces) throws UnknownHostException {
        List<HttpHeaders> toEngines = new ArrayList<>();
        ExchangeTrace trace = traces.trace(head("/v1/chat/completions?key=secret"));
        AttemptTrace first = trace.attempt(ENGINE, LABELS, 1);
        toEngines.add(sent(first, headers.copy()));
        first.sent(2_500_000);
        first.head(503);
        first.ended(new AttemptEnd(503, null, 3_000_000, 4_000_000));
        AttemptTrace second = trace.attempt(ENGINE, LABELS, 2);
        toEngines.add(sent(second, headers.copy()));
        second.sent(0);
        second.head(200);
        second.answering();
        second.ended(new AttemptEnd(200, null, 3_000_000, 4_000_000));
        trace.ended(summary("/v1/chat/completions?key=secret", 200, null));
        traces.exportQueued();
        return toEngines;
    }

    @Test
    void attemptsAreChildrenOfTheRequestAndParentsOfTheEngines() throws UnknownHostException {
        List<HttpHeaders> toEngines = run(traces(1));

        assertThat(exported)
                .extracting(SpanData::getKind)
                .containsExactly(SpanKind.CLIENT, SpanKind.CLIENT, SpanKind.SERVER);
        SpanData server = exported.get(2);
        assertThat(server.getParentSpanContext().isValid()).isFalse();
        for (int i = 0; i < 2; i++) {
            assertThat(exported.get(i).getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(exported.get(i).getTraceId()).isEqualTo(server.getTraceId());
            assertThat(context(toEngines.get(i)))
                    .isEqualTo(new TraceContext(
                            server.getTraceId(), exported.get(i).getSpanId(), 3));
        }
    }

    private static TraceContext context(HttpHeaders toEngine) {
        return Objects.requireNonNull(TraceContext.of(toEngine));
    }

    @Test
    void theClientsTraceIsGoneOnWith() throws UnknownHostException {
        headers.set("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
        headers.add("tracestate", "a=1").add("tracestate", "b=2");
        List<HttpHeaders> toEngines = run(traces(0));

        SpanData server = exported.get(2);
        assertThat(server.getTraceId()).isEqualTo(TRACE);
        assertThat(server.getParentSpanId()).isEqualTo(SPAN);
        assertThat(toEngines).allSatisfy(toEngine -> {
            assertThat(context(toEngine).flags()).isEqualTo(1);
            assertThat(toEngine.getAll("tracestate")).containsExactly("a=1", "b=2");
        });
    }

    @Test
    void whatIsNotRecordedIsForwardedAsSuch() throws UnknownHostException {
        headers.set("traceparent", "00-" + TRACE + "-" + SPAN + "-02");
        List<HttpHeaders> toEngines = run(traces(1));

        assertThat(exported).isEmpty();
        assertThat(toEngines).allSatisfy(toEngine -> {
            assertThat(context(toEngine).traceId()).isEqualTo(TRACE);
            assertThat(context(toEngine).spanId()).isNotEqualTo(SPAN);
            assertThat(context(toEngine).flags()).isEqualTo(2);
        });
    }

    @Test
    void anInvalidContextIsReplacedAndItsStateGoes() throws UnknownHostException {
        headers.set("traceparent", "00-" + TRACE + "-0000000000000000-01").set("tracestate", "a=1");
        List<HttpHeaders> toEngines = run(traces(1));

        assertThat(toEngines).allSatisfy(toEngine -> {
            assertThat(context(toEngine).traceId())
                    .isNotEqualTo(TRACE)
                    .isEqualTo(exported.get(2).getTraceId());
            assertThat(toEngine.contains("tracestate")).isFalse();
        });
    }

    @Test
    void theShareMayChangeWhileRunning() throws UnknownHostException {
        RequestTraces traces = traces(0);
        List<HttpHeaders> none = run(traces);
        assertThat(exported).isEmpty();
        assertThat(none)
                .allSatisfy(toEngine -> assertThat(context(toEngine).flags() & TraceContext.SAMPLED)
                        .isZero());

        traces.sample(1);
        run(traces);
        assertThat(exported).hasSize(3);
    }

    private static Map<String, Object> fields(SpanData span) {
        Map<String, Object> fields = new TreeMap<>();
        span.getAttributes().forEach((key, value) -> fields.put(key.getKey(), value));
        return fields;
    }

    @Test
    void aRequestIsDescribedWithoutSecrets() throws UnknownHostException {
        headers.set("user-agent", "curl").set("authorization", "Bearer secret").set("x-session-id", "secret");
        run(traces(1));

        SpanData server = exported.get(2);
        assertThat(server.getName()).isEqualTo("POST /v1/chat/completions");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("client.address", "192.0.2.7");
        expected.put("gen_ai.operation.name", "chat");
        expected.put("gen_ai.request.model", "qwen2.5");
        expected.put("http.request.body.size", 100L);
        expected.put("http.request.method", "POST");
        expected.put("http.response.body.size", 2000L);
        expected.put("http.response.status_code", 200L);
        expected.put("http.route", "/v1/chat/completions");
        expected.put("network.peer.address", "192.0.2.7");
        expected.put("network.peer.port", 4711L);
        expected.put("network.protocol.version", "2");
        expected.put("penstock.attempts", 2L);
        expected.put("penstock.connect_ms", 2.5);
        expected.put("penstock.engine", "10.0.0.1:8000");
        expected.put("penstock.first_byte_ms", 5.0);
        expected.put("penstock.pool", "qwen");
        expected.put("penstock.queue_ms", 1.0);
        expected.put("penstock.request_id", "id-1");
        expected.put("penstock.route", "chat");
        expected.put("penstock.session_hash", "0000000000000abc");
        expected.put("url.path", "/v1/chat/completions");
        expected.put("url.scheme", "http");
        expected.put("user_agent.original", "curl");
        assertThat(fields(server)).isEqualTo(expected);
        assertThat(fields(server).toString() + exported).doesNotContain("secret");
        assertThat(server.getResource().getAttributes().get(AttributeKey.stringKey("service.name")))
                .isEqualTo("router-1");
        assertThat(server.getResource().getAttributes().get(AttributeKey.stringKey("a")))
                .isEqualTo("b");
    }

    @Test
    void anAttemptTellsItsEngineItsTimesAndThatItIsOneMore() throws UnknownHostException {
        run(traces(1));

        assertThat(fields(exported.get(0)))
                .contains(
                        entry("url.full", "http://10.0.0.1:8000/v1/chat/completions"),
                        entry("server.address", "10.0.0.1"),
                        entry("server.port", 8000L),
                        entry("http.response.status_code", 503L),
                        entry("error.type", "503"),
                        entry("penstock.connect_ms", 2.5),
                        entry("penstock.first_byte_ms", 3.0))
                .doesNotContainKey("http.request.resend_count");
        assertThat(exported.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(fields(exported.get(1))).contains(entry("http.request.resend_count", 1L));
        assertThat(exported.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(exported.get(1).getEvents())
                .extracting(EventData::getName)
                .containsExactly("penstock.sent", "penstock.response_head", "penstock.first_byte");
    }

    @Test
    void onlyWhatIsNotTheClientsFaultIsAnError() throws UnknownHostException {
        assertThat(judged(404, FailureKind.MODEL_NOT_FOUND)).isEqualTo(StatusCode.UNSET);
        assertThat(judged(499, FailureKind.CLIENT_GONE)).isEqualTo(StatusCode.UNSET);
        assertThat(exported.get(1).getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isNull();
        assertThat(judged(503, null)).isEqualTo(StatusCode.ERROR);
        assertThat(judged(200, FailureKind.ENGINE_RESET)).isEqualTo(StatusCode.ERROR);
        assertThat(fields(exported.get(3)))
                .contains(entry("error.type", "engine_reset"), entry("penstock.failure", "engine_reset"));
    }

    private StatusCode judged(int status, @Nullable FailureKind failure) throws UnknownHostException {
        RequestTraces traces = traces(1);
        traces.trace(head("/some/path/of/a/client")).ended(summary("/some/path/of/a/client", status, failure));
        traces.exportQueued();
        SpanData span = exported.get(exported.size() - 1);
        assertThat(span.getName()).isEqualTo("POST");
        return span.getStatus().getStatusCode();
    }

    @Test
    void whatFindsTheQueueFullIsCounted() throws UnknownHostException {
        RequestTraces traces = traces(1);
        for (int i = 0; i < SpanQueue.MAX_QUEUED + 5; i++) {
            traces.trace(head("/")).ended(summary("/", 200, null));
        }
        assertThat(traces.counts().lostInQueue()).isEqualTo(5);

        traces.exportQueued();
        assertThat(exported).hasSize(SpanQueue.MAX_QUEUED);
        assertThat(traces.counts().exported()).isEqualTo(SpanQueue.MAX_QUEUED);
    }

    @Test
    void whatTheCollectorDoesNotTakeIsCounted() throws UnknownHostException {
        collects = false;
        RequestTraces traces = traces(1);
        run(traces);
        assertThat(traces.counts().lostInExport()).isEqualTo(3);
        assertThat(traces.counts().exported()).isZero();
    }
}
