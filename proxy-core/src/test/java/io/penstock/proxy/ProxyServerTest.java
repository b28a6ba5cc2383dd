package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a proxy, and routers that misbehave. */
final class ProxyServerTest {

    @Test
    void drainingLetsAResponseThatIsStillBeingWrittenReachItsClient() throws Exception {
        byte[] answer = new byte[8 << 20];
        try (ProxyUnderTest proxy = new ProxyUnderTest(request -> request.loop()
                        .newSucceededFuture(new RouteDecision.Answer(
                                200, "text/plain", Unpooled.wrappedBuffer(answer), RouteLabels.NONE)));
                RawClient client = RawClient.connect(proxy.server.port(), 4096)) {
            client.get("/v1/models");
            var head = client.readHead();
            proxy.nextExchange();
            assertThat(proxy.server.drain(Duration.ofMillis(100))).isFalse();
            assertThat(client.readBody(head)).hasSize(answer.length);
        }
    }

    @Test
    void closingThePoolsRetiresConnectionsWhoseRequestsStillRun() throws Exception {
        Gate gate = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1)) {
            engine.next(turn -> {
                turn.request();
                turn.await(gate);
                turn.respond(200, "content-length: 0").end();
            });
            var endpoint = new Endpoint("127.0.0.1", engine.port(), Protocol.HTTP1);
            var reply = proxy.engineClient().get(endpoint, "/x", Gate.LIMIT);
            engine.journal().awaitRequests(1);
            proxy.server.close();
            gate.open();
            assertThat(reply.awaitUninterruptibly(Gate.LIMIT.toMillis())).isTrue();
            engine.journal().awaitConnectionsClosed(1);
            ProxyUnderTest.await(proxy.connections, 0);
            ProxyUnderTest.await(proxy.idle, 0);
        }
    }

    @Test
    void aRouterThatThrowsIsAnsweredWith500() throws Exception {
        try (ProxyUnderTest proxy = new ProxyUnderTest(request -> {
                    throw new IllegalStateException("a defect");
                });
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(500);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.INTERNAL);
        }
    }

    @Test
    void aDecisionThatCannotBeCarriedOutEndsWith500AndItsTicketOnce() throws Exception {
        byte[] name = "x".getBytes(StandardCharsets.UTF_8);
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.splicing(
                        new Endpoint("127.0.0.1", engine.port(), Protocol.HTTP1),
                        new BodySplice(1, 2, name),
                        new BodySplice(100, 101, name));
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{   }");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.text()).contains("\"code\":\"internal\"");
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.INTERNAL);
            assertThat(proxy.nextAttempt().failure()).isEqualTo(FailureKind.INTERNAL);
            client.get("/v1/x");
            assertThat(client.readResponse().status()).isEqualTo(500);
            proxy.nextAttempt();
            assertThat(proxy.attempts).isEmpty();
            assertThat(proxy.openTickets).hasValue(0);
            assertThat(engine.journal().heads()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatOnlyReadsWhenItsWholeUploadIsWrittenGetsItsRefusal(boolean lengthIsAnnounced) throws Exception {
        byte[] upload = new byte[16 << 20];
        Arrays.fill(upload, (byte) 'x');
        var front = new ProxyOptions.Front(
                1 << 20, 1L << 30, 64 << 10, 8 << 10, Duration.ofSeconds(75), 128, false, ClientLimits.DEFAULT);
        try (ProxyUnderTest proxy = new ProxyUnderTest(
                        request -> {
                            throw new AssertionError("refused before");
                        },
                        new ProxyOptions(front, ProxyOptions.Upstream.DEFAULT));
                RawClient client = proxy.client()) {
            String size = lengthIsAnnounced
                    ? "content-length: " + upload.length + "\r\n\r\n"
                    : "transfer-encoding: chunked\r\n\r\n" + Integer.toHexString(upload.length) + "\r\n";
            client.send("POST /v1/x HTTP/1.1\r\nhost: router\r\n" + size).send(upload);
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.head().says("connection", "close")).isTrue();
            assertThat(client.readToEnd()).isEmpty();
            ProxyUnderTest.await(proxy.clients, 0);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.BODY_TOO_LARGE);
        }
    }
}
