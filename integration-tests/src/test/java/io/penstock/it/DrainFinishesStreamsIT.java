package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A router that is told to stop takes nothing new and completes what runs. */
final class DrainFinishesStreamsIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void aRunningStreamIsCompleted(EngineKind kind) throws IOException {
        Gate finish = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient idle = router.client(under);
        RawClient running = router.client(under).post("/v1/completions", BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");

        CompletableFuture<Void> drained = CompletableFuture.runAsync(under::drain);
        assertThat(idle.isClosedByRouter()).isTrue();
        assertThat(drained).isNotDone();
        await().until(() -> refusesConnections(under));
        finish.open();
        assertThat(new String(running.readBody(head), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
        assertThat(running.isClosedByRouter()).isTrue();
        assertThat(drained).succeedsWithin(Gate.LIMIT);
    }

    @Test
    void aRequestWhoseAnswerHasNotBegunIsAnswered() throws IOException {
        Gate finish = new Gate();
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.await(finish).respond(200, "content-length: 2").data("ok").end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient idle = router.client(under);
        RawClient waiting = router.client(under).post("/v1/completions", BODY);
        engine.journal().awaitRequests(1);
        CompletableFuture<Void> drained = CompletableFuture.runAsync(under::drain);
        assertThat(idle.isClosedByRouter()).as("the drain has begun").isTrue();
        assertThat(waiting.staysSilentFor(50)).isTrue();
        finish.open();
        var response = waiting.readResponse();
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.head().value("connection")).isEqualTo("close");
        assertThat(drained).succeedsWithin(Gate.LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void whenPatienceEndsAStreamSaysWhyBeforeItIsCut(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RouterUnderTest under = impatient(engine);
        RawClient running = router.client(under).post("/v1/completions", BODY);
        running.readHead();
        running.readChunk();
        under.drain();
        String event = new String(running.readChunk(), StandardCharsets.UTF_8);
        assertThat(event).startsWith("data: ").endsWith("\n\n");
        OpenAiErrors.assertError(event.substring(6), FailureKind.DRAINING);
        assertThatThrownBy(running::readChunk).isInstanceOf(IOException.class);
        engine.journal().awaitAborts(1);
    }

    @ParameterizedTest
    @EnumSource
    void whenPatienceEndsARequestWithoutAnAnswerIsAnswered(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = impatient(engine);
        RawClient waiting = router.client(under).post("/v1/completions", BODY);
        engine.journal().awaitRequests(1);
        under.drain();
        RawResponse response = waiting.readResponse();
        OpenAiErrors.assertFailure(response, FailureKind.DRAINING);
        assertThat(response.head().value("connection")).isEqualTo("close");
        assertThat(waiting.isClosedByRouter()).isTrue();
        engine.journal().awaitAborts(1);
    }

    @Test
    void whenPatienceEndsAHalfSentRequestIsAnswered() throws IOException {
        ScriptedEngine engine = router.engine();
        RouterUnderTest under = impatient(engine);
        RawClient sending = router.client(under)
                .send("POST /v1/completions HTTP/1.1\r\nhost: r\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n");
        assertThat(sending.readHead().status()).isEqualTo(100);
        under.drain();
        OpenAiErrors.assertFailure(sending.readResponse(), FailureKind.DRAINING);
        assertThat(engine.journal().heads()).isEmpty();
    }

    private RouterUnderTest impatient(ScriptedEngine engine) {
        return router.start(new RouterSetup().engines(engine).server("drainTimeout", "100ms"));
    }

    private static boolean refusesConnections(RouterUnderTest under) throws IOException {
        try {
            RawClient.connect(under.port()).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
