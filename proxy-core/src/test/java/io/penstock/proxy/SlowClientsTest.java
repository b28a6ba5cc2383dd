package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Turn;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not send what they began, or do not read what they asked for. */
final class SlowClientsTest {

    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MIB = 1 << 20;

    private final FakeEngine engine = FakeEngine.start();
    private ProxyUnderTest proxy;

    SlowClientsTest() throws IOException {
        proxy = limiting(ClientLimit.HEADER_TIMEOUT, LIMIT);
    }

    /** Nothing is limited to less than a test is patient but what it is about. */
    private ProxyUnderTest limiting(ClientLimit what, Duration limit) throws IOException {
        Duration header = what == ClientLimit.HEADER_TIMEOUT ? limit : Gate.LIMIT;
        Duration body = what == ClientLimit.BODY_TIMEOUT ? limit : Gate.LIMIT;
        Duration write = what == ClientLimit.WRITE_TIMEOUT ? limit : Gate.LIMIT;
        return ProxyUnderTest.limiting(
                new ClientLimits(100, 0, 0, Duration.ZERO, 128, header, body, write), engine.port());
    }

    private void limit(ClientLimit what, Duration limit) throws IOException {
        proxy.close();
        proxy = limiting(what, limit);
    }

    @AfterEach
    void close() {
        ProxyUnderTest.await(proxy.clients, 0);
        ProxyUnderTest.await(proxy.openTickets, 0);
        proxy.close();
        engine.close();
        assertThat(engine.journal().defects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PRI * HTTP/2.0\r\n\r\n", "GET /v1/x HT", "GET /v1/x HTTP/1.1\r\nhost: r\r\nx: y\r\n"})
    void aHeadThatStaysIncompleteIsRefused(String part) throws Exception {
        try (RawClient client = proxy.client()) {
            refusedForItsHead(client.send(part));
        }
    }

    @Test
    void theSecondHeadOfAConnectionIsTimedToo() throws Exception {
        try (RawClient client = proxy.client()) {
            client.get("/v1/x");
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.post("/v1/x", "{}").send("GET /v1");
            assertThat(client.readResponse().status()).isEqualTo(200);
            proxy.nextExchange();
            proxy.nextExchange();
            refusedForItsHead(client);
        }
    }

    private void refusedForItsHead(RawClient client) throws Exception {
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(408);
        assertThat(response.head().says("connection", "close")).isTrue();
        assertThat(response.text()).contains("\"code\":\"request_timeout\"", "200 ms");
        assertThat(client.readToEnd()).isEmpty();
        assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.REQUEST_TIMEOUT);
        assertThat(proxy.limits).containsExactly(ClientLimit.HEADER_TIMEOUT);
    }

    @Test
    void aConnectionThatSendsNothingOrOnlyBlankLinesIsNotSlow() throws Exception {
        try (RawClient silent = proxy.client();
                RawClient blank = proxy.client()) {
            blank.send("\r\n\r\n");
            assertThat(silent.staysSilentFor(2 * (int) LIMIT.toMillis())).isTrue();
            blank.get("/v1/x");
            assertThat(blank.readResponse().status()).isEqualTo(200);
        }
        assertThat(proxy.limits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 10\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void aBodyThatStopsIsRefused(String part) throws Exception {
        limit(ClientLimit.BODY_TIMEOUT, LIMIT);
        try (RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\n" + part);
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.text()).contains("nothing more of the request body came");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.REQUEST_TIMEOUT);
        assertThat(proxy.limits).containsExactly(ClientLimit.BODY_TIMEOUT);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aBodyThatTricklesIsRefused() throws Exception {
        // so long that no pause between two bytes is
        limit(ClientLimit.BODY_TIMEOUT, LIMIT.multipliedBy(10));
        try (RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ncontent-length: 100000\r\n\r\n");
            while (client.staysSilentFor(20)) {
                client.send("x");
            }
            assertThat(client.readResponse().text()).contains("less than 16384 bytes a second");
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.BODY_TIMEOUT);
    }

    @Test
    void aStreamWhoseBodyStopsIsRefusedAndTheOthersGoOn() throws Exception {
        limit(ClientLimit.BODY_TIMEOUT, LIMIT);
        try (RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            client.post(1, false, "/v1/x").data(1, false, "half");
            assertThat(client.answer(1).text()).contains("request_timeout");
            client.post(3, true, "/v1/x");
            assertThat(client.answer(3).text()).contains("ok");
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.BODY_TIMEOUT);
    }

    @Test
    void aHeaderSectionThatStaysIncompleteEndsTheConnection() throws Exception {
        try (RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            client.next(H2Frame.SETTINGS);
            client.next(H2Frame.SETTINGS);
            client.frame(H2Frame.HEADERS, 0, 1, RawH2Client.literals(":method", "GET"));
            assertThat(client.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.isClosedByRouter()).isTrue();
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.HEADER_TIMEOUT);
    }

    @Test
    void aClientThatDoesNotReadIsCutOffAndItsEngineStopped() throws Exception {
        limit(ClientLimit.WRITE_TIMEOUT, LIMIT);
        endless();
        try (RawClient client = RawClient.connect(proxy.server.port(), 4096)) {
            client.post("/v1/x", "{}").readHead();
            engine.journal().awaitAborts(1);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.CLIENT_STALLED);
            assertThat(proxy.nextAttempt().failure()).isEqualTo(FailureKind.CLIENT_STALLED);
            ProxyUnderTest.await(proxy.clients, 0);
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.WRITE_TIMEOUT);
    }

    @Test
    void anAnswerThatIsCompleteAndUnreadDoesNotKeepItsConnection() throws Exception {
        limit(ClientLimit.WRITE_TIMEOUT, LIMIT);
        engine.answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: " + 8 * MIB);
            for (int i = 0; i < 8; i++) {
                turn.data(new byte[MIB]);
            }
            turn.end();
        });
        try (RawClient client = RawClient.connect(proxy.server.port(), 4096)) {
            client.post("/v1/x", "{}").readHead();
            ProxyUnderTest.await(proxy.clients, 0);
        }
        proxy.attempts.clear();
    }

    @Test
    void aStreamWhoseWindowStaysClosedIsResetAndTheOthersGoOn() throws Exception {
        limit(ClientLimit.WRITE_TIMEOUT, LIMIT);
        endless();
        try (RawH2Client client = RawH2Client.connect(proxy.server.port(), INITIAL_WINDOW_SIZE, 1000)) {
            client.request(1, "/v1/x", "{}");
            H2Frame frame = client.nextOn(1);
            while (frame.type() != H2Frame.RST_STREAM) {
                frame = client.nextOn(1);
            }
            assertThat(frame.intAt(0)).isEqualTo(CANCEL);
            engine.journal().awaitAborts(1);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.CLIENT_STALLED);
            engine.answering(
                    turn -> turn.respond(200, "content-length: 2").data("ok").end());
            client.request(3, "/v1/x", "{}");
            assertThat(client.answer(3).text()).isEqualTo("ok");
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.WRITE_TIMEOUT);
    }

    @Test
    void anAnswerThatWaitsForAWindowIsGivenUp() throws Exception {
        limit(ClientLimit.WRITE_TIMEOUT, LIMIT);
        engine.answering(turn ->
                turn.respond(200, "content-length: 10").data("0123456789").end());
        try (RawH2Client client = RawH2Client.connect(proxy.server.port(), INITIAL_WINDOW_SIZE, 4)) {
            client.request(1, "/v1/x", "{}");
            H2Frame frame = client.nextOn(1);
            while (frame.type() != H2Frame.RST_STREAM) {
                frame = client.nextOn(1);
            }
            assertThat(frame.intAt(0)).isEqualTo(CANCEL);
        }
        assertThat(proxy.nextExchange().failure()).isNull();
        assertThat(proxy.limits).containsExactly(ClientLimit.WRITE_TIMEOUT);
    }

    @Test
    void anHttp2ConnectionThatIsNotReadIsCutOff() throws Exception {
        limit(ClientLimit.WRITE_TIMEOUT, LIMIT);
        endless();
        try (RawH2Client client = RawH2Client.connect(proxy.server.port(), INITIAL_WINDOW_SIZE, 1 << 30)) {
            client.window(0, 1 << 30).request(1, "/v1/x", "{}");
            engine.journal().awaitAborts(1);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.CLIENT_STALLED);
            ProxyUnderTest.await(proxy.clients, 0);
        }
        assertThat(proxy.limits).containsExactly(ClientLimit.WRITE_TIMEOUT);
    }

    private void endless() {
        engine.answering(turn -> {
            turn.request();
            Turn answer = turn.respond(200, "content-type: application/octet-stream");
            while (true) {
                answer.data(new byte[64 << 10]);
            }
        });
    }
}
