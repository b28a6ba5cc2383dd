package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that break a rule of HTTP or end early. */
final class EngineAnswersTest {

    @Test
    void aSecondAnswerToOneRequestNeverReachesTheNextRequest() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawClient client = proxy.client()) {
            String one = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n";
            Gate gate = new Gate();
            engine.nextRaw(turn -> {
                turn.request();
                turn.await(gate);
                turn.raw(one + "one" + one + "bad");
            });
            String request = "POST /v1/x HTTP/1.1\r\nhost: router\r\ncontent-length: 0\r\n\r\n";
            client.send(request + request);
            engine.journal().awaitRequests(1);
            gate.open();
            assertThat(client.readResponse().text()).isEqualTo("one");
            assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        }
    }

    @Test
    void anUnaskedSwitchOfProtocolsIsAnInvalidAnswer() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawClient client = proxy.client()) {
            engine.nextRaw(turn -> {
                turn.request();
                turn.raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nfoo");
            });
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.BAD_RESPONSE);
        }
    }

    @Test
    void aStreamResetByTheEngineIsNotTakenForADeadConnection() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.H2C);
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            ProxyUnderTest.await(proxy.idle, 1);
            engine.nextH2(turn -> {
                turn.request();
                turn.reset();
            });
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(engine.journal().heads()).hasSize(2);
        }
    }

    @Test
    void anEventStreamWithALengthThatIsCutNeverLooksComplete() throws Exception {
        Gate gate = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawClient client = proxy.client()) {
            engine.nextRaw(turn -> {
                turn.request();
                turn.respond(200, "content-type: text/event-stream", "content-length: 20");
                turn.raw("data: 123\n\n");
                turn.await(gate);
                turn.close();
            });
            client.post("/v1/x", "{}");
            client.readHead();
            assertThat(client.readExactly(11)).isNotEmpty();
            gate.open();
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void trailersThatHttp1ForbidsDoNotHangTheExchange() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.H2C);
                RawClient client = proxy.client()) {
            engine.nextH2(turn -> {
                turn.request();
                turn.respond(200, "content-type: text/plain").data("hi").endWith("content-length: 2", "x-sum: 7");
            });
            client.post("/v1/x", "{}");
            RawResponse response = client.readResponse();
            assertThat(response.text()).isEqualTo("hi");
            assertThat(proxy.nextExchange().failure()).isNull();
        }
    }

    @Test
    void theBodyOfA205DoesNotSpillIntoTheNextAnswer() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawClient client = proxy.client()) {
            engine.next(turn -> {
                turn.request();
                turn.respond(205, "content-type: text/plain")
                        .data("a 205 has none")
                        .end();
            });
            client.post("/v1/x", "{}");
            RawResponse reset = client.readResponse();
            assertThat(reset.status()).isEqualTo(205);
            assertThat(reset.bytes()).isEmpty();
            assertThat(reset.head().value("transfer-encoding")).isNull();
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 101 Switching Protocols, changed the protocol",
        "HTTP/1.1 1000 Odd, not three digits",
        "HTTP/1.7 200 OK, neither 1.1 nor 1.0",
        "HTTP/1.1 200 OK|transfer-encoding: gzip, a transfer coding other than chunked",
        "HTTP/1.1 200 OK|x: LONG, a head of more than 65536 bytes",
        "HTTP/1.1 abc OK, not valid HTTP"
    })
    void anAnswerThatIsRefusedSaysWhy(String head, String why) throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawClient client = proxy.client()) {
            engine.nextRaw(turn -> {
                turn.request();
                turn.raw(head.replace("|", "\r\n").replace("LONG", "v".repeat(70_000)) + "\r\n\r\n");
            });
            client.post("/v1/x", "{}");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text()).contains("bad_response", why);
        }
    }
}
