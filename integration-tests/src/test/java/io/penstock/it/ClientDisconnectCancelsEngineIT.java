package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that leaves must stop the engine's work, whatever it was waiting for. */
final class ClientDisconnectCancelsEngineIT {

    private static final String STREAMED = "{\"model\":\"m\",\"stream\":true}";
    private static final String WHOLE = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void beforeTheHead(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = router.start(engine);
        for (String body : new String[] {STREAMED, WHOLE}) {
            int before = engine.journal().aborts();
            RawClient client = router.client(under).post("/v1/chat/completions", body);
            engine.journal().awaitRequests(before + 1);
            client.abort();
            engine.journal().awaitAborts(before + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withinAStream(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/chat/completions", STREAMED);
        client.readHead();
        client.readChunk();
        client.abort();
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void byAnOrderlyClose(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/chat/completions", STREAMED);
        client.readHead();
        client.readChunk();
        client.close();
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void byTheEndOfItsSendingAlone(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under).post("/v1/chat/completions", WHOLE);
        engine.journal().awaitRequests(1);
        client.finishSending();
        engine.journal().awaitAborts(1);
        assertThat(client.readToEnd()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withinAnUnstreamedAnswer(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/json", "content-length: 100")
                    .data("{\"half\":")
                    .awaitPeerLeft();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/chat/completions", WHOLE);
        client.readHead();
        client.readExactly(8);
        client.abort();
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void whileItDoesNotRead(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            for (int i = 0; i < 100_000; i++) {
                turn.data(new byte[16 << 10]);
            }
        });
        RouterUnderTest under = router.start(engine);
        RawClient client = router.closing(RawClient.connect(under.port(), 16 << 10));
        client.post("/v1/chat/completions", STREAMED).readHead();
        client.abort();
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void otherStreamsGoOn(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RouterUnderTest under = router.start(engine);
        RawClient stays = router.client(under).post("/v1/chat/completions", STREAMED);
        stays.readHead();
        stays.readChunk();
        RawClient leaves = router.client(under).post("/v1/chat/completions", STREAMED);
        leaves.readHead();
        leaves.readChunk();
        leaves.abort();
        engine.journal().awaitAborts(1);
        assertThat(stays.staysSilentFor(100)).isTrue();
        assertThat(engine.journal().aborts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void withinItsRequestNoEngineIsAsked(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under)
                .send("POST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 100\r\n\r\n{\"model\":");
        client.abort();
        under.awaitNothingInFlight();
        assertThat(engine.journal().heads()).isEmpty();
    }
}
