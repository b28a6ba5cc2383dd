package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.Http1Turn;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that the client does not see because another engine gives a better one, and those it does see. */
final class RefusedAnswersTest {

    private static final String ERROR =
            "{\"error\":{\"message\":\"boom\",\"type\":\"InternalServerError\",\"code\":500}}";
    private static final String EVENTS = "data: {\"n\":1}\n\ndata: [DONE]\n\n";

    private final FakeEngine first = FakeEngine.start();
    private final FakeEngine second = FakeEngine.start();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private ProxyUnderTest proxy() throws IOException {
        return ProxyUnderTest.before(Ticker.system(), at(first), at(second));
    }

    private static Endpoint at(FakeEngine engine) {
        return new Endpoint("127.0.0.1", engine.port(), Protocol.HTTP1);
    }

    private static RawResponse ask(ProxyUnderTest proxy) throws IOException {
        try (RawClient client = proxy.client()) {
            return client.post("/v1/x", "{}").readResponse();
        }
    }

    private void answersWithEvents(FakeEngine engine) {
        engine.answering(turn -> {
            turn.request();
            turn.eventStream()
                    .data("data: {\"n\":1}\n\n")
                    .data("data: [DONE]\n\n")
                    .end();
        });
    }

    private static void assertBooksBalance(ProxyUnderTest proxy, int attempts) throws InterruptedException {
        ExchangeSummary summary = proxy.nextExchange();
        assertThat(summary.attempts()).isEqualTo(attempts);
        assertThat(proxy.openTickets).hasValue(0);
        assertThat(proxy.exchanges).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void anotherEngineAnswersInsteadOfABusyOrBrokenOne(int status) throws Exception {
        first.next(turn -> turn.respond(status).data("no").end());
        answersWithEvents(second);
        try (ProxyUnderTest proxy = proxy()) {
            RawResponse response = ask(proxy);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo(EVENTS);
            AttemptEnd refused = proxy.nextAttempt();
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.failure()).isNull();
            assertBooksBalance(proxy, 2);
        }
    }

    @Test
    void withoutABetterAnswerTheClientSeesTheEnginesOwn() throws Exception {
        first.next(turn -> turn.respond(503, "x-reason: first").data("no").end());
        second.next(turn -> turn.respond(503, "x-reason: second", "retry-after: 7")
                .data("still ")
                .data("no")
                .end());
        try (ProxyUnderTest proxy = proxy()) {
            RawResponse response = ask(proxy);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.head().value("x-reason")).isEqualTo("second");
            assertThat(response.head().value("retry-after")).isEqualTo("7");
            assertThat(response.text()).isEqualTo("still no");
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.ENGINE_ERROR);
            assertThat(proxy.openTickets).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422, 500})
    void otherStatusesPassUntouched(int status) throws Exception {
        first.next(turn -> turn.respond(status).data("mine").end());
        try (ProxyUnderTest proxy = proxy()) {
            RawResponse response = ask(proxy);
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.text()).isEqualTo("mine");
            assertThat(second.journal().heads()).isEmpty();
            assertBooksBalance(proxy, 1);
        }
    }

    @Test
    void anErrorAsFirstEventIsNeverSeenWhenAnotherEngineAnswers() throws Exception {
        first.next(turn -> turn.eventStream().event(ERROR).event("[DONE]").end());
        answersWithEvents(second);
        try (ProxyUnderTest proxy = proxy()) {
            assertThat(ask(proxy).text()).isEqualTo(EVENTS);
            assertThat(proxy.nextAttempt().failure()).isEqualTo(FailureKind.ENGINE_ERROR);
            assertBooksBalance(proxy, 2);
        }
    }

    @Test
    void anErrorThatArrivesByteByByteIsRecognised() throws Exception {
        String event = "data: " + ERROR + "\n\n";
        String chunks = event.chars().mapToObj(c -> "1\r\n" + (char) c + "\r\n").collect(Collectors.joining());
        first.nextRaw(turn -> {
            Http1Turn began = turn.respond(200, "content-type: text/event-stream", "transfer-encoding: chunked");
            began.trickle(chunks + "0\r\n\r\n");
        });
        answersWithEvents(second);
        try (ProxyUnderTest proxy = proxy()) {
            assertThat(ask(proxy).text()).isEqualTo(EVENTS);
            assertBooksBalance(proxy, 2);
        }
    }

    @Test
    void anErrorOfTheClientsOwnPassesUntouched() throws Exception {
        String mistake = "{\"error\":{\"message\":\"too long\",\"code\":400}}";
        first.next(turn -> turn.eventStream().event(mistake).event("[DONE]").end());
        try (ProxyUnderTest proxy = proxy()) {
            assertThat(ask(proxy).text()).isEqualTo("data: " + mistake + "\n\ndata: [DONE]\n\n");
            assertThat(second.journal().heads()).isEmpty();
            assertBooksBalance(proxy, 1);
        }
    }

    @Test
    void anErrorAfterTheFirstEventIsTheClients() throws Exception {
        first.next(turn -> turn.eventStream().event("{\"n\":1}").event(ERROR).end());
        try (ProxyUnderTest proxy = proxy()) {
            assertThat(ask(proxy).text()).isEqualTo("data: {\"n\":1}\n\ndata: " + ERROR + "\n\n");
            assertThat(second.journal().heads()).isEmpty();
        }
    }

    @Test
    void theFirstEventIsNotHeldForTheSecond() throws Exception {
        Gate gate = new Gate();
        first.next(turn -> turn.eventStream()
                .event("{\"n\":1}")
                .await(gate)
                .event("[DONE]")
                .end());
        try (ProxyUnderTest proxy = proxy();
                RawClient client = proxy.client()) {
            WireHead head = client.post("/v1/x", "{}").readHead();
            assertThat(head.status()).isEqualTo(200);
            gate.open();
            assertThat(new String(client.readBody(head), StandardCharsets.UTF_8))
                    .isEqualTo(EVENTS);
        }
    }

    @Test
    void aStreamThatEndsWithoutAnEventIsPassedOn() throws Exception {
        first.next(turn -> turn.eventStream().end());
        try (ProxyUnderTest proxy = proxy()) {
            RawResponse response = ask(proxy);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEmpty();
            assertBooksBalance(proxy, 1);
        }
    }

    @Test
    void aLongErrorGoesToTheClient() throws Exception {
        String text = "x".repeat(70_000);
        first.next(turn -> turn.respond(503).data(text).end());
        try (ProxyUnderTest proxy = proxy()) {
            RawResponse response = ask(proxy);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).isEqualTo(text);
            assertBooksBalance(proxy, 1);
        }
    }

    @Test
    void anEngineThatBreaksBeforeItsFirstEventIsNotAskedTwiceAndTheClientReadsAStatus() throws Exception {
        first.next(turn -> turn.eventStream().reset());
        try (ProxyUnderTest proxy = proxy()) {
            assertThat(ask(proxy).status()).isEqualTo(502);
            assertThat(second.journal().heads()).isEmpty();
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.ENGINE_RESET);
            assertThat(proxy.openTickets).hasValue(0);
        }
    }

    @Test
    void aClientThatLeavesWhileAnErrorIsHeldLeavesNothingBehind() throws Exception {
        Gate begun = new Gate();
        first.next(turn -> {
            turn.respond(503).data("no");
            begun.open();
            turn.awaitPeerLeft();
        });
        try (ProxyUnderTest proxy = proxy()) {
            try (RawClient client = proxy.client()) {
                client.post("/v1/x", "{}");
                assertThat(begun.isOpenWithin(Gate.LIMIT)).isTrue();
                client.abort();
            }
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.CLIENT_GONE);
            assertThat(proxy.openTickets).hasValue(0);
        }
    }
}
