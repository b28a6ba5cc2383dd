package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireHead;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are sent more than once: when, with which id, and what their time is counted as. */
final class ResendingTest {

    private static final Duration RACE = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void aReusedConnectionThatBreaksWithinASecondIsSentAgainToTheSameEngineOnce() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(ticker, at(engine.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            breakNext(engine, RACE);
            client.post("/v1/x", "{\"n\":2}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(engine.journal().requests()).hasSize(3);
            assertThat(engine.journal().requests().get(2).text()).isEqualTo("{\"n\":2}");
            assertThat(proxy.nextExchange().attempts()).isEqualTo(1);
            assertThat(proxy.nextAttempt().failure()).isNull();
            assertThat(proxy.attempts).isEmpty();
        }
    }

    @Test
    void aSharedConnectionThatClosesBeforeAFrameOfThisStreamIsSentAgainWhateverElseRunsOnIt() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(ticker, at(engine.port(), Protocol.H2C));
                RawClient streaming = proxy.client();
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            engine.nextH2(turn -> {
                turn.eventStream().event("one");
                turn.awaitPeerLeft();
            });
            streaming.post("/v1/x", "{}").readHead();
            assertThat(streaming.readChunk()).isNotEmpty();
            engine.nextH2(turn -> {
                turn.request();
                turn.closeConnection();
            });
            client.post("/v1/x", "{\"n\":2}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
            assertThat(engine.journal().heads()).hasSize(4);
        }
    }

    @Test
    void aRequestWhoseSecondConnectionBreaksTooIsNotSentAThirdTime() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(ticker, at(engine.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            breakNext(engine, Duration.ZERO);
            breakNext(engine, Duration.ZERO);
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(engine.journal().heads()).hasSize(3);
            assertThat(proxy.openTickets).hasValue(0);
        }
    }

    @Test
    void aReusedConnectionThatBreaksLaterMayHaveBrokenOverTheRequestWhichIsNotSentAgain() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                FakeEngine other = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(
                        ticker, at(engine.port(), Protocol.HTTP1), at(other.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            breakNext(engine, RACE.plusNanos(1));
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(engine.journal().heads()).hasSize(2);
            assertThat(other.journal().heads()).isEmpty();
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.ENGINE_RESET);
            assertThat(proxy.nextAttempt().failure()).isEqualTo(FailureKind.ENGINE_RESET);
            assertThat(proxy.attempts).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-request-id: mine"})
    void aResentRequestHasAnIdOfItsOwn(String idLine) throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(ticker, at(engine.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            breakNext(engine, RACE);
            RawResponse response = post(client, idLine);
            List<WireHead> heads = engine.journal().heads();
            assertThat(heads).hasSize(3);
            assertIdsAreDistinct(response, idLine, List.of(heads.get(1), heads.get(2)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-request-id: mine"})
    void aRequestRetriedAtAnotherEngineHasAnIdOfItsOwn(String idLine) throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                FakeEngine other = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(
                        ticker, at(engine.port(), Protocol.H2C), at(other.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            engine.nextH2(turn -> turn.refuse());
            RawResponse response = post(client, idLine);
            assertIdsAreDistinct(
                    response,
                    idLine,
                    List.of(
                            engine.journal().heads().get(0),
                            other.journal().heads().get(0)));
        }
    }

    @Test
    void timeLostOnAFailedAttemptIsNotAddedByTheRouter() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                FakeEngine other = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(
                        ticker, at(engine.port(), Protocol.H2C), at(other.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            engine.nextH2(turn -> {
                turn.request();
                ticker.advance(Duration.ofMillis(300));
                turn.refuse();
            });
            answerAfter(other, Duration.ofMillis(200));
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            ExchangeSummary summary = proxy.nextExchange();
            assertThat(summary.attempts()).isEqualTo(2);
            assertTimes(summary, Duration.ofMillis(500));
        }
    }

    @Test
    void timeLostOnADeadConnectionIsNotAddedByTheRouter() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(ticker, at(engine.port(), Protocol.HTTP1));
                RawClient client = proxy.client()) {
            useOnce(client, proxy);
            breakNext(engine, Duration.ofMillis(300));
            answerAfter(engine, Duration.ofMillis(200));
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertTimes(proxy.nextExchange(), Duration.ofMillis(500));
        }
    }

    /** Leaves one idle connection behind. */
    private static void useOnce(RawClient client, ProxyUnderTest proxy) throws Exception {
        client.post("/v1/x", "{}");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.nextExchange().failure()).isNull();
        assertThat(proxy.nextAttempt().failure()).isNull();
        ProxyUnderTest.await(proxy.idle, 1);
    }

    private void breakNext(FakeEngine engine, Duration after) {
        engine.nextRaw(turn -> {
            turn.request();
            ticker.advance(after);
            turn.close();
        });
    }

    private void answerAfter(FakeEngine engine, Duration after) {
        engine.next(turn -> {
            turn.request();
            ticker.advance(after);
            turn.respond(200, "content-length: 2").data("ok").end();
        });
    }

    private static RawResponse post(RawClient client, String idLine) throws Exception {
        if (idLine.isEmpty()) {
            client.post("/v1/x", "{}");
        } else {
            client.post("/v1/x", "{}", idLine);
        }
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(200);
        return response;
    }

    private static void assertIdsAreDistinct(RawResponse response, String idLine, List<WireHead> sends) {
        List<String> told = response.head().values("x-request-id");
        List<String> sent = sends.stream()
                .flatMap(head -> head.values("x-request-id").stream())
                .toList();
        assertThat(sent).hasSameSizeAs(sends).doesNotHaveDuplicates();
        assertThat(told).hasSize(1);
        if (idLine.isEmpty()) {
            assertThat(told.get(0)).isEqualTo(sent.get(0));
        } else {
            assertThat(told).containsExactly("mine");
        }
        assertThat(sent).allSatisfy(id -> assertThat(id).startsWith(told.get(0)));
    }

    /** The clock stands still while the router works. */
    private static void assertTimes(ExchangeSummary summary, Duration firstByte) {
        assertThat(summary.timing().firstByte()).isEqualTo(firstByte.toNanos());
        assertThat(summary.timing().added()).isZero();
        assertThat(summary.timing().connect()).isZero();
    }

    private static Endpoint at(int port, Protocol protocol) {
        return new Endpoint("127.0.0.1", port, protocol);
    }
}
