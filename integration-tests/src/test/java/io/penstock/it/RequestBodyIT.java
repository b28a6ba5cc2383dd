package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ReceivedRequest;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies arrive at the engine byte for byte, however they were sent, up to the limit. */
final class RequestBodyIT {

    private static final String HEAD = "POST /v1/completions HTTP/1.1\r\nhost: r\r\n";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"unknown\":{\"z\":1,\"a\":[2,1]},\"top_k\":40}",
                "{ \"temperature\" : 1.0e0 , \"model\" : \"m\",\"big\":12345678901234567890123,\"tiny\":0.10 }\n",
                "{\"mod\\u0065l\":\"\\u006d\",\"prompt\":\"\\ud83d\\ude00 \\u0000 \\/ é ☃\"}",
                "{\"model\":\"m\",\"prompt\":\"lone \\ud800 surrogate \\udc00\"}",
                "{\"model\":\"first\",\"prompt\":\"x\",\"model\":\"m\"}",
                "\t\r\n {\"prompt\":[1,2,[3]],\"model\":\"m\",\"seed\":9223372036854775807}  "
            })
    void theEngineReadsWhatTheClientWrote(String json) throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        assertThat(client.post("/v1/completions", json).readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().text()).isEqualTo(json);
    }

    /** Anybody else's is cut out: it names the host and the place that an engine takes its cache from. */
    @Test
    void theRoomOfATrustedClientKeepsAllOfIts64Bits() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(
                router.start(new RouterSetup().engines(engine).route("access", "{ trustClients: true }")));
        String json = "{\"model\":\"m\",\"bootstrap_host\":\"h\",\"bootstrap_room\":9223372036854775807}";
        assertThat(client.post("/v1/completions", json).readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().text()).isEqualTo(json);
    }

    @Test
    void bytesThatAreNotUtf8PassToo() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        byte[] json = "{\"model\":\"m\",\"prompt\":\"?\u00e9?\"}".getBytes(StandardCharsets.ISO_8859_1);
        client.send(HEAD + "content-length: " + json.length + "\r\n\r\n").send(json);
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().bytes()).isEqualTo(json);
    }

    @ParameterizedTest
    @EnumSource
    void chunkedBodiesArriveWhole(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RawClient client = router.client(router.start(engine));
        client.send(HEAD + "transfer-encoding: chunked\r\n\r\n")
                .send("9;ext=1\r\n{\"model\":\r\n")
                .send("0001\r\n\"\r\n")
                .send("3\r\nm\"}\r\n0\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
        ReceivedRequest request = engine.journal().onlyRequest();
        assertThat(request.text()).isEqualTo("{\"model\":\"m\"}");
        assertThat(request.head().value("content-length")).isEqualTo("13");
        assertThat(request.head().value("transfer-encoding")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void largeBodiesArriveWhole(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RawClient client = router.client(router.start(engine));
        String json = "{\"prompt\":\"" + "0123456789".repeat(800_000) + "\",\"model\":\"m\"}";
        for (int i = 0; i < 2; i++) {
            assertThat(client.post("/v1/completions", json).readResponse().status())
                    .isEqualTo(200);
        }
        assertThat(engine.journal().requests())
                .allMatch(request -> request.text().equals(json));
    }

    @Test
    void aBodySentByteByByteArrives() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        for (char one : (HEAD + "content-length: 13\r\n\r\n{\"model\":\"m\"}").toCharArray()) {
            client.send(String.valueOf(one));
        }
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().text()).isEqualTo("{\"model\":\"m\"}");
    }

    @Test
    void aClientThatWaitsForContinueGetsIt() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        client.send(HEAD + "content-length: 13\r\nexpect: 100-continue\r\n\r\n");
        WireHead interim = client.readHead();
        assertThat(interim.status()).isEqualTo(100);
        client.send("{\"model\":\"m\"}");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().head().value("expect")).isNull();
    }

    @Test
    void anAnnouncedBodyBeyondTheLimitIsRefusedUnread() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("maxBody", "64KiB"));
        RawClient client = router.client(under);
        client.send(HEAD + "content-length: 65537\r\nexpect: 100-continue\r\n\r\n");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BODY_TOO_LARGE);
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aClientThatSendsItAllTheSameStillReadsTheRefusal() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("maxBody", "64KiB"));
        RawClient client = router.client(under);
        client.post("/v1/completions", "{\"model\":\"" + "m".repeat(1 << 20) + "\"}");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BODY_TOO_LARGE);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aChunkedBodyBeyondTheLimitIsRefused() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("maxBody", "64KiB"));
        RawClient client = router.client(under).send(HEAD + "transfer-encoding: chunked\r\n\r\n");
        for (int i = 0; i < 5; i++) {
            client.send("4000\r\n" + "x".repeat(0x4000) + "\r\n");
        }
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BODY_TOO_LARGE);
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("maxBody", "64KiB"));
        String json = "{\"model\":\"m\",\"p\":\"" + "x".repeat((64 << 10) - 20) + "\"}";
        assertThat(json).hasSize(64 << 10);
        assertThat(router.client(under)
                        .post("/v1/completions", json)
                        .readResponse()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void bodiesBeyondTheMemoryForAllAreRefusedUntilThereIsRoomAgain() throws IOException {
        Gate first = new Gate();
        FakeEngine engine = router.engine().next(turn -> {
            turn.request();
            turn.await(first).respond(200, "content-length: 2").data("ok");
        });
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("maxBufferedBodies", "1MiB"));
        String json = "{\"model\":\"m\",\"p\":\"" + "x".repeat(800 << 10) + "\"}";
        RawClient holding = router.client(under).post("/v1/completions", json);
        engine.journal().awaitRequests(1);
        assertThat(under.metric("penstock_buffered_body_bytes", "")).isEqualTo(json.length());

        RawResponse announced =
                router.client(under).post("/v1/completions", json).readResponse();
        OpenAiErrors.assertFailure(announced, FailureKind.BUFFERS_FULL);
        assertThat(announced.head().value("retry-after")).isEqualTo("1");
        RawClient chunking = router.client(under).send(HEAD + "transfer-encoding: chunked\r\n\r\n");
        chunking.send(Integer.toHexString(json.length()) + "\r\n" + json);
        OpenAiErrors.assertFailure(chunking.readResponse(), FailureKind.BUFFERS_FULL);
        RawClient small = router.client(under);
        assertThat(small.post("/v1/completions", "{\"model\":\"m\"}")
                        .readResponse()
                        .status())
                .isEqualTo(200);

        first.open();
        assertThat(holding.readResponse().text()).isEqualTo("ok");
        await().until(() -> under.metric("penstock_buffered_body_bytes", "") == 0);
        assertThat(holding.post("/v1/completions", json).readResponse().status())
                .isEqualTo(200);
    }
}
