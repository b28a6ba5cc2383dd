package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.Http1Turn;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client learns of an engine that breaks: a status while there is none yet, an error event between two events, and
 * never the end of a body that did not end.
 */
final class BrokenAnswersIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello",
                "\u0016\u0003\u0001\u0002\r\n\r\n"
            })
    void anAnswerThatIsNotHttpIsABadResponse(String bytes) throws IOException {
        FakeEngine engine = router.engine().answeringRaw(saying(bytes));
        OpenAiErrors.assertFailure(
                router.client(router.start(engine))
                        .post("/v1/completions", BODY)
                        .readResponse(),
                FailureKind.BAD_RESPONSE);
        assertThat(engine.journal().requests()).hasSize(1);
    }

    @Test
    void anEngineThatClosesInsteadOfAnsweringResets() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(saying(""));
        OpenAiErrors.assertFailure(
                router.client(router.start(engine))
                        .post("/v1/completions", BODY)
                        .readResponse(),
                FailureKind.ENGINE_RESET);
        assertThat(engine.journal().requests()).hasSize(1);
    }

    @Test
    void anEngineThatClosesWithinItsHeadIsNotAskedAgain() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(saying("HTTP/1.1 200 OK\r\ncontent-type: text/pl"));
        assertThat(router.client(router.start(engine))
                        .post("/v1/completions", BODY)
                        .readResponse()
                        .status())
                .isEqualTo(502);
        assertThat(engine.journal().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"
            })
    void aTruncatedBodyIsNeverEnded(String bytes) throws IOException {
        FakeEngine engine = router.engine().answeringRaw(saying(bytes));
        RawClient client = router.client(router.start(engine)).post("/v1/completions", BODY);
        WireHead head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void betweenTwoEventsAnErrorEventSaysWhy(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1");
            turn.reset();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/chat/completions", BODY);
        client.readHead();
        assertThat(text(client.readChunk())).isEqualTo("data: 1\n\n");
        String event = text(client.readChunk());
        assertThat(event).startsWith("data: ").endsWith("\n\n");
        OpenAiErrors.assertError(event.substring(6), FailureKind.ENGINE_RESET);
        assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
    }

    @Test
    void withinAnEventNothingIsAdded() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().data("data: {\"half\":");
            turn.reset();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/chat/completions", BODY);
        client.readHead();
        assertThat(text(client.readChunk())).isEqualTo("data: {\"half\":");
        assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void silenceBeforeTheHeadTimesOut(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine).route("timeouts", "{ firstToken: 200ms }"));
        OpenAiErrors.assertFailure(
                router.client(under).post("/v1/completions", BODY).readResponse(), FailureKind.FIRST_TOKEN_TIMEOUT);
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void silenceBeforeTheFirstTokenTimesOut(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().awaitPeerLeft();
        });
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine).route("timeouts", "{ firstToken: 200ms }"));
        OpenAiErrors.assertFailure(
                router.client(under).post("/v1/completions", BODY).readResponse(), FailureKind.FIRST_TOKEN_TIMEOUT);
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void silenceBetweenTokensTimesOut(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine).route("timeouts", "{ betweenTokens: 200ms }"));
        RawClient client = router.client(under).post("/v1/completions", BODY);
        client.readHead();
        client.readChunk();
        OpenAiErrors.assertError(text(client.readChunk()).substring(6), FailureKind.BETWEEN_TOKENS_TIMEOUT);
        assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
        engine.journal().awaitAborts(1);
    }

    @Test
    void aSlowReaderIsNotASilentEngine() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            for (int i = 0; i < 1024; i++) {
                turn.data(new byte[16 << 10]);
            }
            turn.end();
        });
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine).route("timeouts", "{ betweenTokens: 1s }"));
        RawClient slow = router.closing(RawClient.connect(under.port(), 32 << 10));
        WireHead head = slow.post("/v1/completions", BODY).readHead();
        assertThat(new Gate().isOpenWithin(Duration.ofMillis(2500))).isFalse();
        assertThat(slow.readBody(head)).hasSize(16 << 20);
    }

    @ParameterizedTest
    @EnumSource
    void eventsArriveOneByOneAsTheyAreMade(EngineKind kind) throws IOException {
        List<Gate> gates = Stream.generate(Gate::new).limit(5).toList();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream();
            for (Gate gate : gates) {
                turn.event("e").await(gate);
            }
            turn.end();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/completions", BODY);
        WireHead head = client.readHead();
        assertThat(head.value("content-type")).startsWith("text/event-stream");
        for (Gate gate : gates) {
            assertThat(text(client.readChunk())).isEqualTo("data: e\n\n");
            gate.open();
        }
        assertThat(client.readChunk()).isEmpty();
    }

    @Test
    void anAnswerThatTricklesArrivesByteForByte() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(turn -> {
            turn.request();
            turn.trickle("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
            turn.trickle("9\r\ndata: 1\n\n\r\n5;x=y\r\ndata:\r\n4\r\n 2\n\n\r\n0\r\nx-sum: 1\r\n\r\n");
        });
        RouterUnderTest under = router.start(engine);
        under.awaitRest();
        RawClient client = router.client(under);
        for (int i = 0; i < 2; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().text())
                    .isEqualTo("data: 1\n\ndata: 2\n\n");
        }
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void aBodyThatEndsWithTheConnectionArrivesWhole() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(saying("HTTP/1.1 200 OK\r\n\r\nto the end"));
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 2; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().text())
                    .isEqualTo("to the end");
        }
    }

    @Test
    void bytesAfterAnAnswerAreNotTheNextOne() throws IOException {
        FakeEngine engine = router.engine().nextRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
        });
        RawClient client = router.client(router.start(engine));
        assertThat(client.post("/v1/completions", BODY).readResponse().text()).isEqualTo("ok");
        for (int i = 0; i < 3; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().text())
                    .isEqualTo("{\"ok\":true}");
        }
    }

    private static Script<Http1Turn> saying(String bytes) {
        return turn -> {
            turn.request();
            turn.raw(bytes);
            turn.close();
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
