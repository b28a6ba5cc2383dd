package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.Turn;
import io.penstock.proxy.testkit.WireHead;
import org.junit.jupiter.api.Test;

/** Requests given up on an HTTP/2 connection that may be dead. */
final class SilentEngineTest {

    @Test
    void aConnectionThatStayedSilentUntilTheRequestWasGivenUpTakesNoMore() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.H2C)) {
            answered(proxy);
            engine.nextH2(Turn::awaitPeerLeft);
            try (RawClient leaving = proxy.client()) {
                leaving.post("/v1/x", "{}");
                engine.journal().awaitRequests(2);
            }
            proxy.nextExchange();
            answered(proxy);
            assertThat(engine.connectionsAccepted()).isEqualTo(2);
            ProxyUnderTest.await(proxy.connections, 1);
        }
    }

    @Test
    void aConnectionOnWhichAnotherStreamMovesIsKept() throws Exception {
        Gate gate = new Gate();
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.H2C);
                RawClient streaming = proxy.client()) {
            engine.nextH2(turn -> {
                turn.eventStream().event("one");
                turn.await(gate);
                turn.event("two").end();
            });
            streaming.post("/v1/x", "{}");
            WireHead head = streaming.readHead();
            engine.nextH2(Turn::awaitPeerLeft);
            try (RawClient leaving = proxy.client()) {
                leaving.post("/v1/x", "{}");
                engine.journal().awaitRequests(2);
                gate.open();
                assertThat(streaming.readBody(head)).isNotEmpty();
                proxy.nextExchange();
            }
            proxy.nextExchange();
            answered(proxy);
            assertThat(engine.connectionsAccepted()).isEqualTo(1);
        }
    }

    private static void answered(ProxyUnderTest proxy) throws Exception {
        try (RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        proxy.nextExchange();
    }
}
