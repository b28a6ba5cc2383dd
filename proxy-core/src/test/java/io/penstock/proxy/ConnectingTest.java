package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Engines whose protocol or readiness the pool has to find out. */
final class ConnectingTest {

    @Test
    void anEngineThatAllowsNoStreamsIsNotConnectedToForEver() throws Exception {
        try (FakeH2Engine engine =
                        FakeH2Engine.start(Http2Settings.defaultSettings().maxConcurrentStreams(0));
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.H2C);
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readHead().status()).isEqualTo(502);
            assertThat(engine.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void coldRequestsToAnUnknownEngineShareOneConnect() throws Exception {
        try (FakeH2Engine engine = FakeH2Engine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.AUTO)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(proxy.client());
            }
            for (RawClient client : clients) {
                client.post("/v1/x", "{}");
            }
            for (RawClient client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.close();
            }
            assertThat(engine.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void anEngineOnceTakenForHttp1IsFoundOutAgain() throws Exception {
        FakeEngine starting = FakeEngine.start().answeringRaw(turn -> turn.close());
        try (ProxyUnderTest proxy = ProxyUnderTest.before(starting.port(), Protocol.AUTO);
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(502);
            starting.close();
            try (FakeH2Engine started = FakeH2Engine.startOn(starting.port())) {
                client.post("/v1/x", "{}");
                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(started.journal().requests()).hasSize(1);
            }
        } finally {
            starting.close();
        }
    }

    @Test
    void aTimeoutOfManyDaysIsOne() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1)) {
            var endpoint = new Endpoint("127.0.0.1", engine.port(), Protocol.HTTP1);
            var reply = proxy.engineClient().get(endpoint, "/x", Duration.ofDays(30));
            assertThat(reply.await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(reply.getNow().status()).isEqualTo(200);
        }
    }
}
