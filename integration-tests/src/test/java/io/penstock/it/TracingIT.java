package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.http.TraceContext;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.WireHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spans as a collector gets them, contexts as engines get them, and what becomes of requests when there is no collector. */
final class TracingIT {

    private static final String PATH = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"m\",\"messages\":[\"a secret prompt\"]}";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String[] CONTEXT = {
        "traceparent: 00-" + TRACE + "-" + SPAN + "-01", "tracestate: a=1,b=2", "authorization: Bearer secret"
    };

    // closed after the router, which sends its last spans when it closes
    @Order(1)
    @RegisterExtension
    private final OtlpCollector collector = OtlpCollector.start();

    @Order(2)
    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream accessLog = new ByteArrayOutputStream();

    private RouterUnderTest start(String tracing, ScriptedEngine... engines) {
        RouterSetup setup =
                new RouterSetup().engines(engines).server("accessLog", "on").section("tracing", tracing);
        return router.start(setup.yaml(), accessLog);
    }

    private RouterUnderTest start(ScriptedEngine... engines) {
        return start("{ endpoint: \"" + collector.url() + "\" }", engines);
    }

    private int ask(RouterUnderTest under, String... headers) throws IOException {
        try (RawClient client = RawClient.connect(under.port())) {
            return client.post(PATH + "?key=secret", BODY, headers)
                    .readResponse()
                    .status();
        }
    }

    private static TraceContext context(WireHead head) {
        assertThat(head.values("traceparent")).hasSize(1);
        return Objects.requireNonNull(
                TraceContext.parse(head.values("traceparent").get(0)));
    }

    private static WireHead received(ScriptedEngine engine) {
        return engine.journal().onlyRequest().head();
    }

    @Test
    void aRetriedRequestHasASpanOfItsOwnAndOneForEachAttempt() throws IOException {
        FakeEngine bad = router.engine().answering(turn -> {
            turn.request();
            turn.respond(503, "content-length: 0").end();
        });
        FakeEngine good = router.engine();
        assertThat(ask(start(bad, good), CONTEXT)).isEqualTo(200);

        List<OtlpSpan> spans = collector.spans(3);
        OtlpSpan server = OtlpCollector.server(spans);
        assertThat(server.ids().trace()).isEqualTo(TRACE);
        assertThat(server.ids().parent()).isEqualTo(SPAN);
        assertThat(server.name()).isEqualTo("POST " + PATH);
        assertThat(server.fields())
                .containsEntry("penstock.attempts", 2L)
                .containsEntry("penstock.engine", good.name())
                .containsEntry("penstock.route", "main")
                .containsEntry("penstock.pool", "chat")
                .containsEntry("gen_ai.request.model", "m")
                .containsEntry("http.response.status_code", 200L);
        assertThat((Double) server.fields().get("penstock.first_byte_ms")).isPositive();
        assertAttempt(spans, bad, OtlpSpan.ERROR, 503);
        assertAttempt(spans, good, 0, 200);
        assertThat(spans).hasSize(3);
        assertThat(spans.toString()).doesNotContain("secret");
        assertThat(server.resource()).containsEntry("service.name", "penstock");
        await().until(() -> accessLog.toString(UTF_8).contains("\"trace\":\"" + TRACE + "\""));
    }

    private static void assertAttempt(List<OtlpSpan> spans, FakeEngine engine, int status, long code) {
        OtlpSpan attempt = spans.stream()
                .filter(span -> span.kind() == OtlpSpan.CLIENT)
                .filter(span -> engine.name().equals(span.fields().get("penstock.engine")))
                .findFirst()
                .orElseThrow();
        assertThat(attempt.ids().parent())
                .isEqualTo(OtlpCollector.server(spans).ids().span());
        assertThat(attempt.status()).isEqualTo(status);
        assertThat(attempt.fields()).containsEntry("http.response.status_code", code);
        WireHead head = received(engine);
        assertThat(context(head))
                .isEqualTo(new TraceContext(TRACE, attempt.ids().span(), TraceContext.SAMPLED));
        assertThat(head.values("tracestate")).containsExactly("a=1,b=2");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAContextATraceBeginsHere(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        assertThat(ask(start(engine))).isEqualTo(200);

        OtlpSpan server = OtlpCollector.server(collector.spans(2));
        assertThat(server.ids().parent()).isEmpty();
        assertThat(context(received(engine)).traceId()).isEqualTo(server.ids().trace());
        await().until(() ->
                accessLog.toString(UTF_8).contains("\"trace\":\"" + server.ids().trace() + "\""));
    }

    @Test
    void anInvalidContextIsReplaced() throws IOException {
        FakeEngine engine = router.engine();
        ask(start(engine), "traceparent: 00-" + TRACE + "-0000000000000000-01", "tracestate: a=1");

        assertThat(context(received(engine)).traceId())
                .isEqualTo(OtlpCollector.server(collector.spans(2)).ids().trace())
                .isNotEqualTo(TRACE);
        assertThat(received(engine).values("tracestate")).isEmpty();
    }

    @Test
    void whatIsNotSampledIsForwardedAndNotSent() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = start("{ endpoint: \"" + collector.url() + "\", sampling: 0.0 }", engine);
        ask(under);
        ask(under, CONTEXT);

        assertThat(collector.spans(2))
                .allSatisfy(span -> assertThat(span.ids().trace()).isEqualTo(TRACE));
        assertThat(context(engine.journal().requests().get(0).head()).flags() & TraceContext.SAMPLED)
                .isZero();
    }

    @Test
    void theShareFollowsTheConfiguration() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = start(engine);
        String yaml = new RouterSetup()
                .engines(engine)
                .section("tracing", "{ endpoint: \"" + collector.url() + "\", sampling: 0.0 }")
                .yaml();
        ask(under);
        under.reload(yaml);
        ask(under);
        under.reload(yaml.replace("sampling: 0.0", "sampling: 1.0"));
        ask(under);

        assertThat(engine.journal().requests())
                .extracting(request -> context(request.head()).flags() & TraceContext.SAMPLED)
                .containsExactly(1, 0, 1);
    }

    @Test
    void withoutTracingTheClientsFieldsPassAsTheyCame() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        ask(under, CONTEXT);
        ask(under, "traceparent: nonsense", "tracestate: a=1", "tracestate: b=2");
        ask(under);

        List<WireHead> heads = engine.journal().heads();
        assertThat(heads)
                .extracting(head -> head.values("traceparent"))
                .containsExactly(List.of("00-" + TRACE + "-" + SPAN + "-01"), List.of("nonsense"), List.of());
        assertThat(heads)
                .extracting(head -> head.values("tracestate"))
                .containsExactly(List.of("a=1,b=2"), List.of("a=1", "b=2"), List.of());
    }

    @Test
    void theCollectorGetsItsHeaders() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "Bearer collectors-key\n");
        RouterUnderTest under = start(
                "{ endpoint: \"" + collector.url() + "\", headers: { x-tenant: gpu }, headerFiles: { authorization: "
                        + key + " }, serviceName: eu, resource: { zone: b } }",
                router.engine());
        ask(under);

        OtlpSpan span = collector.spans(2).get(0);
        assertThat(span.resource()).containsEntry("service.name", "eu").containsEntry("zone", "b");
        assertThat(collector.headers())
                .containsEntry("Authorization", List.of("Bearer collectors-key"))
                .containsEntry("X-tenant", List.of("gpu"))
                .containsEntry("Content-type", List.of("application/x-protobuf"));
    }

    @Test
    void withoutACollectorRequestsAreAnsweredAndLossesCounted() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        RouterUnderTest under = start("{ endpoint: \"http://127.0.0.1:" + nobody + "/v1/traces\" }", router.engine());
        for (int i = 0; i < 20; i++) {
            assertThat(ask(under)).isEqualTo(200);
        }
        await().until(() -> under.metric("penstock_spans_dropped_total", "export_failed") == 40);
        assertThat(under.metric("penstock_spans_exported_total", "")).isZero();
    }

    @Test
    void aCollectorIsBelievedByTheAuthorityThatIsGiven() throws IOException {
        TestAuthority authority = new TestAuthority("collectors");
        FakeEngine secured = router.closing(
                        FakeEngine.startTls(authority.issue("127.0.0.1").context()))
                .answering(turn -> {
                    turn.request();
                    turn.respond(200, "content-length: 0").end();
                });
        Path ca = Files.writeString(folder.resolve("ca.crt"), authority.pem());
        Path stranger = Files.writeString(folder.resolve("stranger.crt"), new TestAuthority("stranger").pem());
        String tracing = "{ endpoint: \"https://" + secured.name() + "/v1/traces\", ca: \"%s\" }";

        RouterUnderTest wary = start(tracing.formatted(stranger), router.engine());
        assertThat(ask(wary)).isEqualTo(200);
        await().until(() -> wary.metric("penstock_spans_dropped_total", "export_failed") > 0);
        assertThat(secured.journal().requests()).isEmpty();

        RouterUnderTest under = start(tracing.formatted(ca), router.engine());
        assertThat(ask(under)).isEqualTo(200);
        await().until(() -> under.metric("penstock_spans_exported_total", "") == 2);
    }

    @Test
    void aCollectorThatComesBackIsSentSpansAgain() throws IOException {
        collector.answer(400);
        RouterUnderTest under = start(router.engine());
        ask(under);
        await().until(() -> under.metric("penstock_spans_dropped_total", "export_failed") == 2);
        collector.answer(200);
        ask(under);
        collector.spans(2);
        await().until(() -> under.metric("penstock_spans_exported_total", "") == 2);
    }
}
