package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.EngineClient.Reply;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.Http1Turn;
import io.penstock.proxy.testkit.PeerLeftException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The router's own requests. */
final class PooledEngineClientTest {

    @Test
    void aDeadPooledConnectionIsNoFailedProbe() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1)) {
            assertThat(get(proxy, engine.port()).getNow().status()).isEqualTo(200);
            ProxyUnderTest.await(proxy.idle, 1);
            engine.nextRaw(Http1Turn::close);
            assertThat(get(proxy, engine.port()).getNow().status()).isEqualTo(200);
            assertThat(engine.journal().heads()).hasSize(3);
        }
    }

    @Test
    void aRequestAfterTheShutdownFailsWithoutAnException() throws Exception {
        ProxyUnderTest proxy = ProxyUnderTest.before(1, Protocol.HTTP1);
        proxy.close();
        assertThat(get(proxy, 1).cause())
                .isInstanceOfSatisfying(
                        ProxyFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONNECT_FAILED));
    }

    @Test
    void aCancelledRequestIsTakenFromItsEngine() throws Exception {
        Gate asked = new Gate();
        Gate left = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1)) {
            engine.nextRaw(turn -> {
                turn.request();
                asked.open();
                try {
                    turn.awaitPeerLeft();
                } catch (PeerLeftException asExpected) {
                    left.open();
                    throw asExpected;
                }
            });
            var endpoint = new Endpoint("127.0.0.1", engine.port(), Protocol.HTTP1);
            var reply = proxy.engineClient().post(endpoint, "/x", new byte[] {'{', '}'}, Duration.ofMinutes(5));
            asked.await();

            assertThat(reply.cancel(false)).isTrue();

            left.await();
        }
    }

    private static Future<Reply> get(ProxyUnderTest proxy, int port) throws InterruptedException {
        var endpoint = new Endpoint("127.0.0.1", port, Protocol.HTTP1);
        var reply = proxy.engineClient().get(endpoint, "/x", Gate.LIMIT);
        assertThat(reply.await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return reply;
    }
}
