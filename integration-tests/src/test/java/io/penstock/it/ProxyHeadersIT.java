package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What headers the router passes on, removes and adds, in both directions. */
final class ProxyHeadersIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void hopByHopHeadersEndAtTheRouter(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        router.client(router.start(engine))
                .post(
                        "/v1/completions?a=b%20c&d",
                        BODY,
                        "connection: keep-alive, x-named",
                        "x-named: 1",
                        "keep-alive: timeout=5",
                        "proxy-connection: keep-alive",
                        "proxy-authorization: Basic eDp5",
                        "te: trailers",
                        "upgrade: h2c",
                        "http2-settings: AAMAAABkAAQAoAAAAAIAAAAA",
                        "authorization: Bearer key",
                        "x-stainless-lang: java",
                        "OpenAI-Organization: org")
                .readResponse();
        WireHead head = engine.journal().onlyRequest().head();
        for (String gone : new String[] {
            "connection",
            "x-named",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "te",
            "upgrade",
            "http2-settings",
            "transfer-encoding"
        }) {
            assertThat(head.values(gone)).as(gone).isEmpty();
        }
        assertThat(head.target()).isEqualTo("/v1/completions?a=b%20c&d");
        assertThat(head.value("authorization")).isEqualTo("Bearer key");
        assertThat(head.value("x-stainless-lang")).isEqualTo("java");
        assertThat(head.value("openai-organization")).isEqualTo("org");
        assertThat(head.value("content-type")).isEqualTo("application/json");
    }

    @Test
    void theEngineIsToldWhoAsks() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        client.post("/v1/completions", BODY).readResponse();
        WireHead first = engine.journal().requests().get(0).head();
        assertThat(first.values("host")).containsExactly(engine.name());
        assertThat(first.value("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(first.value("x-forwarded-host")).isEqualTo("router");
        assertThat(first.value("x-forwarded-proto")).isEqualTo("http");

        client.post(
                        "/v1/completions",
                        BODY,
                        "x-forwarded-for: 192.0.2.1",
                        "x-forwarded-proto: https",
                        "x-forwarded-host: other",
                        "x-real-ip: 192.0.2.1",
                        "forwarded: for=192.0.2.1")
                .readResponse();
        WireHead second = engine.journal().requests().get(1).head();
        assertThat(second.values("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(second.values("x-forwarded-proto")).containsExactly("http");
        assertThat(second.values("x-forwarded-host")).containsExactly("router");
        assertThat(second.values("x-real-ip")).isEmpty();
        assertThat(second.values("forwarded")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRequestIdIsKeptOrMadeAndReturned(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RawClient client = router.client(router.start(engine));
        RawResponse kept =
                client.post("/v1/completions", BODY, "X-Request-Id: abc-123").readResponse();
        assertThat(kept.head().values("x-request-id")).containsExactly("abc-123");
        RawResponse made = client.post("/v1/completions", BODY).readResponse();
        assertThat(made.head().value("x-request-id")).hasSizeGreaterThanOrEqualTo(16);
        assertThat(engine.journal().requests())
                .allSatisfy(request ->
                        assertThat(request.head().values("x-request-id")).hasSize(1));
        assertThat(engine.journal().requests().get(0).head().value("x-request-id"))
                .startsWith("abc-123");
    }

    @Test
    void twoRequestsWithOneIdReachTheEngineWithTwo() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 2; i++) {
            client.post("/v1/completions", BODY, "x-request-id: same").readResponse();
        }
        assertThat(engine.journal().heads().stream().map(head -> head.value("x-request-id")))
                .doesNotHaveDuplicates();
    }

    @Test
    void theEnginesOwnConnectionIsNotTheClients() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.respond(
                            200,
                            "content-type: text/plain",
                            "connection: close, x-engine-hop",
                            "x-engine-hop: 1",
                            "keep-alive: timeout=5",
                            "proxy-authenticate: Basic",
                            "trailer: x-sum",
                            "x-kept: 1",
                            "x-kept: 2",
                            "x-request-id: of-the-engine")
                    .data("ok")
                    .end();
        });
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.post("/v1/completions", BODY, "x-request-id: of-the-client")
                    .readResponse();
            assertThat(response.text()).isEqualTo("ok");
            for (String gone :
                    new String[] {"connection", "x-engine-hop", "keep-alive", "proxy-authenticate", "trailer"}) {
                assertThat(response.head().values(gone)).as(gone).isEmpty();
            }
            assertThat(response.head().values("x-kept")).containsExactly("1", "2");
            assertThat(response.head().values("x-request-id")).containsExactly("of-the-client");
        }
    }

    @Test
    void theEngineIsNamedOnlyWhenAskedFor() throws IOException {
        FakeEngine engine = router.engine();
        assertThat(router.client(router.start(engine))
                        .post("/v1/completions", BODY)
                        .readResponse()
                        .head()
                        .value("x-penstock-engine"))
                .isNull();
        RouterUnderTest debugging =
                router.start(new RouterSetup().engines(engine).server("debugHeaders", "true"));
        assertThat(router.client(debugging)
                        .post("/v1/completions", BODY)
                        .readResponse()
                        .head()
                        .value("x-penstock-engine"))
                .isEqualTo(engine.name());
    }

    @ParameterizedTest
    @EnumSource
    void statusAndBodyPassUnchanged(EngineKind kind) throws IOException {
        String error = "{\"error\":{\"message\":\"no\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}";
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(400, "content-type: application/json").data(error).end();
        });
        RawResponse response = router.client(router.start(engine))
                .post("/v1/completions", BODY)
                .readResponse();
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.text()).isEqualTo(error);
    }

    @Test
    void answersWithoutABodyPass() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 204 No Content\r\n\r\n");
        });
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 3; i++) {
            RawResponse response = client.post("/v1/completions", BODY).readResponse();
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.head().values("transfer-encoding")).isEmpty();
        }
    }

    @Test
    void interimAnswersOfTheEngineStayThere() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
            turn.raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        });
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.post("/v1/completions", BODY).readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("ok");
        }
    }
}
