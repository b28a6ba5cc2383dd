package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections and requests a client has, and how large their edges are. */
final class ClientLimitsTest {

    private static final int NO_ERROR = 0;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final FakeEngine engine = FakeEngine.start();

    @AfterEach
    void close() {
        engine.close();
        assertThat(engine.journal().defects()).isEmpty();
    }

    @Test
    void aConnectionTooManyIsToldSoInItsOwnVersionUntilThereIsRoom() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(1, 0, 0, Duration.ZERO), engine.port())) {
            RawClient first = proxy.client();
            assertThat(first.get("/v1/x").readResponse().status()).isEqualTo(200);
            try (RawClient second = proxy.client();
                    RawH2Client third = RawH2Client.connect(proxy.server.port());
                    RawClient silent = proxy.client()) {
                RawResponse refused = second.post("/v1/x", "{}").readResponse();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.head().value("retry-after")).isEqualTo("1");
                assertThat(refused.head().says("connection", "close")).isTrue();
                assertThat(refused.text()).contains("\"code\":\"too_many_connections\"");
                assertThat(second.readToEnd()).isEmpty();
                assertThat(third.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(third.isClosedByRouter()).isTrue();
                assertThat(silent.readToEnd()).isEmpty();
            }
            assertThat(proxy.limits)
                    .containsExactly(ClientLimit.CONNECTIONS, ClientLimit.CONNECTIONS, ClientLimit.CONNECTIONS);
            assertThat(proxy.clients).hasValue(1);
            first.close();
            ProxyUnderTest.await(proxy.clients, 0);
            assertThat(statusOnceThereIsRoom(proxy)).isEqualTo(200);
        }
        assertThat(engine.journal().heads()).hasSize(2);
    }

    /** The count goes down a moment after the connection is gone. */
    private static int statusOnceThereIsRoom(ProxyUnderTest proxy) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try (RawClient client = proxy.client()) {
                int status = client.get("/v1/x").readResponse().status();
                if (status != 503 || System.nanoTime() - start > Gate.LIMIT.toNanos()) {
                    return status;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void farMoreConnectionsThanThereMayBeAreResetWithoutAnAnswer() throws Exception {
        List<RawClient> silent = new ArrayList<>();
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(1, 0, 0, Duration.ZERO), engine.port());
                RawClient first = proxy.client()) {
            assertThat(first.get("/v1/x").readResponse().status()).isEqualTo(200);
            for (int i = 0; i < 400; i++) {
                try {
                    silent.add(proxy.client());
                } catch (SocketException e) {
                    assertThat(i).as("connections before the first reset").isGreaterThanOrEqualTo(256);
                }
            }
            assertThat(silent).hasSizeGreaterThanOrEqualTo(256);
            for (RawClient one : silent) {
                assertThat(one.isClosedByRouter()).isTrue();
            }
            assertThat(proxy.limits).hasSize(400);
            assertThat(first.get("/v1/x").readResponse().status()).isEqualTo(200);
        } finally {
            for (RawClient one : silent) {
                one.close();
            }
        }
    }

    @Test
    void anAddressHasItsShare() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(10, 2, 0, Duration.ZERO), engine.port());
                RawClient one = proxy.client();
                RawClient two = proxy.client();
                RawClient three = proxy.client()) {
            assertThat(one.get("/v1/x").readResponse().status()).isEqualTo(200);
            assertThat(two.get("/v1/x").readResponse().status()).isEqualTo(200);
            assertThat(three.get("/v1/x").readResponse().text()).contains("this address has as many connections");
            assertThat(proxy.limits).containsExactly(ClientLimit.CONNECTIONS_PER_ADDRESS);
        }
    }

    @Test
    void theLastRequestOfAConnectionSaysSo() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(10, 0, 2, Duration.ZERO), engine.port());
                RawClient client = proxy.client()) {
            assertThat(client.get("/v1/x").readResponse().head().says("connection", "close"))
                    .isFalse();
            RawResponse last = client.get("/v1/x").readResponse();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.head().says("connection", "close")).isTrue();
            assertThat(client.readToEnd()).isEmpty();
            assertThat(proxy.limits).containsExactly(ClientLimit.REQUESTS_PER_CONNECTION);
        }
    }

    @Test
    void theLastStreamOfAConnectionIsFollowedByGoAway() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(10, 0, 2, Duration.ZERO), engine.port());
                RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            client.request(1, "/v1/x", "{}");
            assertThat(client.answer(1).text()).contains("ok");
            client.request(3, "/v1/x", "{}");
            assertThat(client.goAway()).isEqualTo(NO_ERROR);
            assertThat(client.isClosedByRouter()).isTrue();
            assertThat(engine.journal().heads()).hasSize(2);
        }
    }

    @Test
    void anOldConnectionFinishesWhatItHas() throws Exception {
        Gate gate = new Gate();
        engine.next(turn -> turn.respond(200, "content-length: 2")
                .data("a")
                .await(gate)
                .data("b")
                .end());
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(10, 0, 0, Duration.ofSeconds(3)), engine.port());
                RawClient busy = proxy.client();
                RawClient idle = proxy.client()) {
            var head = busy.get("/v1/x").readHead();
            assertThat(idle.readToEnd()).isEmpty();
            gate.open();
            assertThat(busy.readBody(head)).hasSize(2);
            assertThat(busy.readToEnd()).isEmpty();
            assertThat(proxy.limits).containsOnly(ClientLimit.CONNECTION_AGE);
        }
    }

    @Test
    void anIdleHttp2ConnectionIsEndedInGoodOrder() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(limits(10, 0, 0, Duration.ofSeconds(2)), engine.port());
                RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            assertThat(client.next(H2Frame.GOAWAY).intAt(4)).isEqualTo(NO_ERROR);
            assertThat(client.isClosedByRouter()).isTrue();
        }
    }

    @Test
    void manyTinyHeaderFieldsAreRefused() throws Exception {
        String[] fields = new String[200];
        for (int i = 0; i < 200; i++) {
            fields[i] = "a:";
        }
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client();
                RawH2Client other = RawH2Client.connect(proxy.server.port())) {
            RawResponse refused = client.get("/v1/x", fields).readResponse();
            assertThat(refused.status()).isEqualTo(431);
            assertThat(refused.text()).contains("128 header fields");
            String[] pairs = new String[400];
            for (int i = 0; i < 400; i++) {
                pairs[i] = "a";
            }
            other.post(1, true, "/v1/x", pairs);
            assertThat(other.answer(1).text()).contains("128 header fields");
        }
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void hugeTrailersAreRefused() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
                    .send("x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(4000))
                    .send("\r\n");
            assertThat(client.readResponse().status()).isIn(400, 431);
        }
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void chunksThatAreNearlyAllExtensionAreRefused() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ntransfer-encoding: chunked\r\n\r\n")
                    .send(("1;" + "e".repeat(1000) + "\r\nx\r\n").repeat(100));
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aBodyInChunksOfOneByteIsTaken() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ntransfer-encoding: chunked\r\n\r\n")
                    .send("1\r\nx\r\n".repeat(100_000) + "0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(engine.journal().onlyRequest().text()).hasSize(100_000);
    }

    @Test
    void aRefusedUploadIsNotAskedForBeforeItsTime() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.head().says("connection", "close")).isTrue();
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aUrlForItsOwnHostIsTheSameRequest() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.limiting(ClientLimits.DEFAULT, engine.port());
                RawClient client = proxy.client()) {
            client.send("GET http://router/v1/x?q=1 HTTP/1.1\r\nhost: Router\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(engine.journal().onlyRequest().head().target()).isEqualTo("/v1/x?q=1");
            client.send("GET http://other/v1/x HTTP/1.1\r\nhost: router\r\n\r\n");
            assertThat(client.readResponse().text()).contains("do not name the same host");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(engine.journal().heads()).hasSize(1);
    }

    private static ClientLimits limits(int all, int each, int requests, Duration age) {
        Duration minute = Duration.ofMinutes(1);
        return new ClientLimits(all, each, requests, age, 128, minute, minute, minute);
    }
}
