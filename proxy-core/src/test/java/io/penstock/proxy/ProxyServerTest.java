package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
            var reply = proxy.engineClient().get(endpoint, "/x", Duration.ofSeconds(5));
            engine.journal().awaitRequests(1);
            proxy.server.close();
            gate.open();
            assertThat(reply.awaitUninterruptibly(5000)).isTrue();
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
}
