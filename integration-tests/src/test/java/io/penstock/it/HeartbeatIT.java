package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.Turn;
import io.penstock.proxy.testkit.WireHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that has not begun is kept alive with comments, and whatever comes then comes as events. */
final class HeartbeatIT {

    private static final String STREAMED = "{\"model\":\"m\",\"stream\":true}";
    private static final String COMMENT = ": waiting\n\n";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final Gate heard = new Gate();

    private RouterUnderTest start(ScriptedEngine... engines) {
        return router.start(new RouterSetup().engines(engines).route("timeouts", "{ heartbeat: 50ms }"));
    }

    @Test
    void theHeadGoesOutBeforeAnEngineCouldBeNamedInIt() throws IOException {
        ScriptedEngine engine = router.engine().answering(afterTheComments(HeartbeatIT::streams));
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(engine)
                .server("debugHeaders", "true")
                .route("timeouts", "{ heartbeat: 50ms }"));
        RawClient client = router.client(under).post("/v1/chat/completions", STREAMED);
        WireHead head = client.readHead();
        assertThat(head.value("x-penstock-engine")).isNull();
        heard.open();
        client.readBody(head);
    }

    /** Asks, lets the engine go on when two comments came, and returns what else came. */
    private String askAndListen(RouterUnderTest under) throws IOException {
        RawClient client = router.client(under).post("/v1/chat/completions", STREAMED);
        WireHead head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.value("content-type")).isEqualTo("text/event-stream");
        assertThat(head.value("x-request-id")).isNotBlank();
        assertThat(text(client.readChunk())).isEqualTo(COMMENT);
        assertThat(text(client.readChunk())).isEqualTo(COMMENT);
        heard.open();
        String rest = text(client.readBody(head));
        under.awaitNothingInFlight();
        return rest.replace(COMMENT, "");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Script<Turn> afterTheComments(Script<Turn> answer) {
        return turn -> {
            turn.request();
            turn.await(heard);
            answer.play(turn);
        };
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerFollowsTheComments(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router)
                .answering(afterTheComments(turn ->
                        turn.eventStream().event("{\"n\":1}").event("[DONE]").end()));
        assertThat(askAndListen(start(engine))).isEqualTo("data: {\"n\":1}\n\ndata: [DONE]\n\n");
    }

    @Test
    void anErrorOfTheEngineBecomesAnEvent() throws IOException {
        ScriptedEngine engine = router.engine()
                .answering(afterTheComments(
                        turn -> turn.respond(400, "content-type: application/json", "content-length: 20")
                                .data("{\"error\":\n{\"n\":400}}")
                                .end()));
        assertThat(askAndListen(start(engine))).isEqualTo("data: {\"error\":\ndata: {\"n\":400}}\n\n");
    }

    @Test
    void anotherEngineMayStillAnswer() throws IOException {
        Script<Turn> busy =
                afterTheComments(turn -> turn.respond(503).data("no").end());
        ScriptedEngine one = router.engine().next(busy).answering(HeartbeatIT::streams);
        ScriptedEngine two = router.engine().next(busy).answering(HeartbeatIT::streams);
        RouterUnderTest under = start(one, two);
        String first = askAndListen(under);
        assertThat(first).isIn("data: no\n\n", "data: {\"n\":1}\n\n");
        assertThat(under.metric("penstock_retries_total", "")).isEqualTo(1);
    }

    private static void streams(Turn turn) {
        turn.request();
        turn.eventStream().event("{\"n\":1}").end();
    }

    @Test
    void aFailureIsToldInTheStreamWhichIsNotEndedWell() throws IOException {
        ScriptedEngine engine = router.engine().answering(afterTheComments(Turn::reset));
        assertCutWith(FailureKind.ENGINE_RESET, start(engine));
    }

    /** Asks, lets the engine go on when a comment came, and expects this failure as an event, and no good end. */
    private void assertCutWith(FailureKind kind, RouterUnderTest under) throws IOException {
        RawClient client = router.client(under).post("/v1/chat/completions", STREAMED);
        client.readHead();
        assertThat(text(client.readChunk())).isEqualTo(COMMENT);
        heard.open();
        String next = text(client.readChunk());
        while (next.equals(COMMENT)) {
            next = text(client.readChunk());
        }
        OpenAiErrors.assertError(next.substring("data: ".length()), kind);
        assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
        under.awaitNothingInFlight();
    }

    @Test
    void nothingFollowsAFailedRequestOnItsConnection() throws IOException {
        ScriptedEngine engine = router.engine()
                .next(turn -> {
                    turn.request();
                    turn.reset();
                })
                .answering(HeartbeatIT::streams);
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).route("timeouts", "{ heartbeat: 2s }"));
        RawClient client = router.client(under).post("/v1/chat/completions", STREAMED);
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.ENGINE_RESET);
        assertThat(client.staysSilentFor(2500)).isTrue();
        assertThat(client.post("/v1/chat/completions", STREAMED).readResponse().text())
                .isEqualTo("data: {\"n\":1}\n\n");
    }

    @Test
    void withoutRetriesCommentsAndAnswersComeAllTheSame() throws IOException {
        assertThat(askWithoutRetries(turn -> turn.respond(503).data("no").end()))
                .isEqualTo("data: no\n\n");
    }

    @Test
    void withoutRetriesAnErrorAsTheFirstEventFollowsTheComments() throws IOException {
        assertThat(askWithoutRetries(turn ->
                        turn.eventStream().event("{\"error\":{\"code\":500}}").end()))
                .isEqualTo("data: {\"error\":{\"code\":500}}\n\n");
    }

    @Test
    void withoutRetriesAnEnginesHeadDoesNotEndTheComments() throws IOException {
        assertThat(askWithoutRetries(router.engine().answering(turn -> {
                    turn.request();
                    turn.eventStream().await(heard).event("{\"n\":1}").end();
                })))
                .isEqualTo("data: {\"n\":1}\n\n");
    }

    private String askWithoutRetries(Script<Turn> answer) throws IOException {
        return askWithoutRetries(router.engine().answering(afterTheComments(answer)));
    }

    private String askWithoutRetries(ScriptedEngine engine) throws IOException {
        return askAndListen(router.start(new RouterSetup()
                .engines(engine)
                .route("timeouts", "{ heartbeat: 50ms }")
                .route("retries", "{ attempts: 1, firstEvent: false }")));
    }

    @Test
    void anAnnouncedLengthIsOfNoConsequenceAfterTheComments() throws IOException {
        ScriptedEngine engine = router.engine()
                .answering(afterTheComments(
                        turn -> turn.respond(200, "content-type: text/event-stream", "content-length: 15")
                                .event("{\"n\":1}")
                                .end()));
        assertThat(askAndListen(start(engine))).isEqualTo("data: {\"n\":1}\n\n");
    }

    @ParameterizedTest
    @EnumSource
    void aCompressedStreamCannotFollowTheComments(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router)
                .answering(afterTheComments(
                        turn -> turn.respond(200, "content-type: text/event-stream", "content-encoding: gzip")
                                .data("x".repeat(100_000))
                                .end()));
        assertCutWith(FailureKind.BAD_RESPONSE, start(engine));
    }

    @Test
    void anAnswerThatIsNoStreamAndTooLongForAnEventCannotFollowTheComments() throws IOException {
        ScriptedEngine engine = router.engine().answering(afterTheComments(turn -> {
            turn.respond(200, "content-type: text/plain");
            for (int i = 0; i < 100; i++) {
                turn.data("y".repeat(1000));
            }
            turn.end();
        }));
        assertCutWith(FailureKind.BAD_RESPONSE, start(engine));
    }

    @Test
    void anErrorWithoutATextIsToldInTheStreamWhichIsNotEndedWell() throws IOException {
        ScriptedEngine engine = router.engine()
                .answering(afterTheComments(
                        turn -> turn.respond(400, "content-length: 0").end()));
        assertCutWith(FailureKind.BAD_RESPONSE, start(engine));
    }

    @Test
    void whatFailsAfterTheHeadCountsWithTheStatusTheClientHas() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ScriptedEngine engine = router.engine().answering(afterTheComments(Turn::reset));
        RouterUnderTest under = router.start(
                new RouterSetup()
                        .engines(engine)
                        .server("accessLog", "on")
                        .route("timeouts", "{ heartbeat: 50ms }")
                        .yaml(),
                log);
        assertCutWith(FailureKind.ENGINE_RESET, under);
        assertThat(under.metric("penstock_requests_total", "status=\"200\",failure=\"engine_reset\""))
                .isEqualTo(1);
        await().until(() -> text(log.toByteArray()).contains("\"status\":200,\"failure\":\"engine_reset\""));
    }

    @Test
    void aRequestThatAskedForNoStreamHasNoComments() throws IOException {
        Gate gate = new Gate();
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.await(gate).respond(200, "content-length: 2").data("ok").end();
        });
        RawClient client = router.client(start(engine)).post("/v1/chat/completions", "{\"model\":\"m\"}");
        assertThat(client.staysSilentFor(150)).isTrue();
        gate.open();
        RawResponse response = client.readResponse();
        assertThat(response.text()).isEqualTo("ok");
    }
}
