package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.Turn;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer that an engine should not have given is replaced by another engine's, before the client has seen a byte. */
final class RetriesIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String EVENTS = "data: {\"n\":1}\n\ndata: [DONE]\n\n";
    private static final String ERROR = "{\"error\":{\"message\":\"x\",\"type\":\"InternalServerError\",\"code\":500}}";

    private static final Script<Turn> BUSY =
            turn -> turn.respond(429, "retry-after: 1").data("busy").end();
    private static final Script<Turn> DOWN =
            turn -> turn.respond(503).data("down").end();
    private static final Script<Turn> ERROR_FIRST =
            turn -> turn.eventStream().event(ERROR).event("[DONE]").end();
    private static final Script<Turn> ERROR_AFTER_COMMENTS = turn -> turn.eventStream()
            .data("\ufeff: ping\n\n")
            .data(": ping")
            .data("\r\n\r\n\n")
            .event(ERROR)
            .end();

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private static void streams(Turn turn) {
        turn.request();
        turn.eventStream().event("{\"n\":1}").event("[DONE]").end();
    }

    private RawResponse ask(RouterUnderTest under) throws IOException {
        return router.client(under).post("/v1/chat/completions", BODY).readResponse();
    }

    static Stream<Script<Turn>> refusals() {
        return Stream.of(BUSY, DOWN, ERROR_FIRST, ERROR_AFTER_COMMENTS);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anotherEngineAnswers(Script<Turn> refusal) throws IOException {
        ScriptedEngine refusing = router.engine().answering(refusal);
        ScriptedEngine other = router.engine().answering(RetriesIT::streams);
        assertAllAreAnswered(router.start(refusing, other), refusing);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anotherEngineAnswersOverHttp2(Script<Turn> refusal) throws IOException {
        ScriptedEngine refusing = router.h2Engine().answering(refusal);
        ScriptedEngine other = router.h2Engine().answering(RetriesIT::streams);
        assertAllAreAnswered(router.start(refusing, other), refusing);
    }

    private void assertAllAreAnswered(RouterUnderTest under, ScriptedEngine refusing) throws IOException {
        for (int i = 0; i < 4; i++) {
            RawResponse response = ask(under);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo(EVENTS);
        }
        int refused = refusing.journal().requests().size()
                + refusing.journal().heads().size();
        assertThat(refused).isPositive();
        assertThat(under.metric("penstock_retries_total", "")).isPositive();
        under.awaitNothingInFlight();
    }

    @Test
    void commentsBeforeAnAnswerReachTheClientWithIt() throws IOException {
        RouterUnderTest under = router.start(router.engine().answering(turn -> {
            turn.request();
            turn.eventStream()
                    .data(": ping\n\n")
                    .data(": ping\n\n")
                    .event("{\"n\":1}")
                    .end();
        }));
        assertThat(ask(under).text()).isEqualTo(": ping\n\n: ping\n\ndata: {\"n\":1}\n\n");
    }

    @Test
    void whereAllEnginesRefuseTheClientReadsTheLastAnswer() throws IOException {
        RouterUnderTest under =
                router.start(router.engine().answering(BUSY), router.engine().answering(BUSY));
        RawResponse response = ask(under);
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.text()).isEqualTo("busy");
        assertThat(response.head().value("retry-after")).isEqualTo("1");
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_retries_total", "")).isEqualTo(1);
        assertThat(under.metric("penstock_requests_total", "failure=\"" + FailureKind.ENGINE_BUSY.label() + "\""))
                .isEqualTo(1);
    }

    @Test
    void aRouteThatRetriesNothingPassesEverythingOn() throws IOException {
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(router.engine().answering(ERROR_FIRST), router.engine().answering(ERROR_FIRST))
                .route("retries", "{ statuses: [], firstEvent: false }"));
        RawResponse response = ask(under);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("data: " + ERROR + "\n\ndata: [DONE]\n\n");
        assertThat(under.metric("penstock_retries_total", "")).isZero();
    }

    @Test
    void theBudgetBoundsWhatASecondEngineIsAsked() throws IOException {
        ScriptedEngine first = router.engine().answering(DOWN);
        ScriptedEngine second = router.engine().answering(DOWN);
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(first, second)
                .pool("health", "{ ejectAfter: 0 }")
                .route("retries", "{ budget: 0.1 }"));
        for (int i = 0; i < 60; i++) {
            RawResponse response = ask(under);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).isEqualTo("down");
        }
        under.awaitNothingInFlight();
        // ten at first, and one for each ten requests
        assertThat(under.metric("penstock_retries_total", "")).isEqualTo(16);
        assertThat(under.metric("penstock_requests_total", "failure=\"" + FailureKind.ENGINE_ERROR.label() + "\""))
                .isEqualTo(60);
    }
}
