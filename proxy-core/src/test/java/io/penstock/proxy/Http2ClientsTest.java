package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Answer;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 clients before an HTTP/1.1 engine: what becomes of requests, answers, windows and ends. */
final class Http2ClientsTest {

    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int CANCEL = 8;
    private static final int MIB = 1 << 20;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final FakeEngine engine = FakeEngine.start();
    private final ProxyUnderTest proxy;
    private @Nullable RawH2Client client;

    Http2ClientsTest() throws Exception {
        proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
    }

    @AfterEach
    void close() throws Exception {
        client().close();
        ProxyUnderTest.await(proxy.clients, 0);
        ProxyUnderTest.await(proxy.openTickets, 0);
        proxy.close();
        engine.close();
        assertThat(engine.journal().defects()).isEmpty();
    }

    private RawH2Client connect(int... settings) throws Exception {
        client = RawH2Client.connect(proxy.server.port(), settings);
        return client;
    }

    private RawH2Client client() {
        return Objects.requireNonNull(client);
    }

    @Test
    void aPrefaceMayComeByteByByte() throws Exception {
        engine.answering(
                turn -> turn.respond(200, "content-length: 2").data("ok").end());
        client = RawH2Client.silent(proxy.server.port());
        for (byte b : RawH2Client.PREFACE.getBytes(StandardCharsets.US_ASCII)) {
            client.send(new byte[] {b});
        }
        client.settings().request(1, "/v1/x", "{}");
        assertThat(client.answer(1).text()).isEqualTo("ok");
    }

    @Test
    void whatOnlyBeginsLikeThePrefaceIsHttp1() throws Exception {
        client = RawH2Client.silent(proxy.server.port());
        try (RawClient other = proxy.client()) {
            other.send("PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n");
            assertThat(other.readResponse().status()).isEqualTo(400);
        }
    }

    @Test
    void anUpgradeToHttp2IsNotTaken() throws Exception {
        engine.answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: 2").data("ok").end();
        });
        connect();
        try (RawClient other = proxy.client()) {
            String[] upgrade = {"connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABk"};
            assertThat(other.post("/v1/x", "{}", upgrade).readResponse().text()).isEqualTo("ok");
        }
        assertThat(engine.journal().onlyRequest().head().value("upgrade")).isNull();
    }

    @Test
    void theEngineSeesAnOrdinaryRequest() throws Exception {
        engine.answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: 2", "connection: close", "keep-alive: timeout=1", "X-Mixed: Case")
                    .data("ok")
                    .end();
        });
        connect()
                .post(1, false, "/v1/x?q=1", "te", "trailers", "cookie", "a=1", "cookie", "b=2")
                .data(1, false, "{\"a\"")
                .data(1, false, ":1}")
                .headers(1, true, "x-sum", "7");
        H2Answer answer = client().answer(1);
        assertThat(answer.text()).isEqualTo("ok");
        assertThat(answer.value("x-mixed")).isEqualTo("Case");
        assertThat(answer.value("connection") + answer.value("keep-alive")).isEmpty();
        var seen = engine.journal().onlyRequest();
        assertThat(seen.text()).isEqualTo("{\"a\":1}");
        assertThat(seen.head().value("content-length")).isEqualTo("7");
        assertThat(seen.head().value("cookie")).isEqualTo("a=1; b=2");
        assertThat(seen.head().value("x-forwarded-host")).isEqualTo("router");
        assertThat(seen.head().value("te")).isNull();
        assertThat(seen.head().value("transfer-encoding")).isNull();
    }

    @Test
    void chunksAndTrailersOfTheEngineBecomeDataAndTrailers() throws Exception {
        engine.nextRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 7\r\n\r\n");
        });
        connect().request(1, "/v1/x", "{}");
        H2Answer answer = client().answer(1);
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.value("transfer-encoding")).isEmpty();
        assertThat(answer.trailer("x-sum")).isEqualTo("7");
    }

    @Test
    void answersWithoutABodyEndWithTheirHead() throws Exception {
        engine.answering(turn -> {
            turn.request();
            boolean head = turn.head().method().equals("HEAD");
            turn.respond(head ? 200 : 204, head ? "content-length: 5" : "x-a: b")
                    .end();
        });
        connect().headers(1, true, ":method", "HEAD", ":scheme", "http", ":path", "/v1/x", ":authority", "a");
        H2Frame head = client().nextOn(1);
        assertThat(head.endsStream()).isTrue();
        assertThat(client().fields(head).get("content-length")).hasToString("5");
        client().request(3, "/v1/x", "{}");
        assertThat(client().nextOn(3).endsStream()).isTrue();
    }

    @Test
    void aClientThatAsksFirstIsToldToContinue() throws Exception {
        engine.answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: 2").data("ok").end();
        });
        connect().post(1, false, "/v1/x", "expect", "100-continue");
        H2Frame interim = client().nextOn(1);
        assertThat(client().fields(interim).status()).hasToString("100");
        assertThat(interim.endsStream()).isFalse();
        client().data(1, true, "{}");
        assertThat(client().answer(1).status()).isEqualTo(200);
    }

    @Test
    void anUploadLargerThanAllWindowsGetsThrough() throws Exception {
        engine.answering(turn -> {
            String length = Integer.toString(turn.request().bytes().length);
            turn.respond(200, "content-length: " + length.length()).data(length).end();
        });
        connect().post(1, false, "/v1/x");
        long streamWindow = 256 << 10;
        long connectionWindow = 65_535;
        for (int i = 0; i < 4 * 64; i++) {
            while (streamWindow < 16 << 10 || connectionWindow < 16 << 10) {
                H2Frame update = client().next(H2Frame.WINDOW_UPDATE);
                streamWindow += update.stream() == 1 ? update.intAt(0) : 0;
                connectionWindow += update.stream() == 0 ? update.intAt(0) : 0;
            }
            client().frame(H2Frame.DATA, i == 4 * 64 - 1 ? H2Frame.END_STREAM : 0, 1, new byte[16 << 10]);
            streamWindow -= 16 << 10;
            connectionWindow -= 16 << 10;
        }
        assertThat(client().answer(1).text()).isEqualTo(Integer.toString(4 * MIB));
    }

    @Test
    void aBodyBeyondTheLimitIsAnsweredAndItsRestIsNoError() throws Exception {
        connect().post(1, false, "/v1/x", "content-length", "99999999");
        client().data(1, false, "x".repeat(1_000));
        H2Answer answer = client().answer(1);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(client().next(H2Frame.RST_STREAM).intAt(0)).isEqualTo(NO_ERROR);
        for (int i = 0; i < 10; i++) {
            client().data(1, false, "x".repeat(1_000));
        }
        client().headers(1, true, "x-sum", "7");
        client().frame(H2Frame.PING, 0, 0, new byte[8]);
        assertThat(client().next(H2Frame.PING).flags()).isEqualTo(H2Frame.ACK);
        assertThat(proxy.protocolErrors).isEmpty();
    }

    @Test
    void aClientThatOpensNoWindowStopsItsEngineAndNoOther() throws Exception {
        engine.answering(turn -> {
            boolean large = turn.request().text().equals("large");
            turn.respond(200, "content-type: application/octet-stream");
            for (int i = 0; i < (large ? 64 * 16 : 1); i++) {
                byte[] piece = new byte[64 << 10];
                Arrays.fill(piece, (byte) i);
                turn.data(large ? piece : new byte[] {'o', 'k'});
            }
            turn.end();
        });
        connect(INITIAL_WINDOW_SIZE, 0).window(0, Integer.MAX_VALUE - 65_535).request(1, "/v1/x", "large");
        assertThat(client().nextOn(1).type()).isEqualTo(H2Frame.HEADERS);
        client().request(3, "/v1/x", "small").window(3, 100);
        assertThat(client().answer(3).text()).isEqualTo("ok");
        assertThat(engine.journal().bytesWritten()).isLessThan(32 * MIB);

        client().window(1, 64 * MIB);
        byte[] body = client().answer(1).bytes();
        assertThat(body).hasSize(64 * MIB);
        for (int i = 0; i < 64 * 16; i++) {
            assertThat(body[i * (64 << 10) + 77]).isEqualTo((byte) i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12})
    void theEndNeedsNoWindow(int atFirst) throws Exception {
        Gate received = new Gate();
        engine.answering(turn -> {
            turn.request();
            turn.eventStream().event("1234").await(received).end();
        });
        connect(INITIAL_WINDOW_SIZE, atFirst).request(1, "/v1/x", "{}");
        assertThat(client().nextOn(1).type()).isEqualTo(H2Frame.HEADERS);
        if (atFirst == 0) {
            client().window(1, 12);
        }
        assertThat(client().nextOn(1).payload()).hasSize(12);
        received.open();
        assertThat(client().answer(1).reset()).isNegative();
    }

    @Test
    void aStreamThatIsCutSaysSoAndIsReset() throws Exception {
        Gate cut = new Gate();
        engine.answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(cut).reset();
        });
        connect().request(1, "/v1/x", "{}");
        client().nextOn(1);
        assertThat(client().nextOn(1).payload()).asString().isEqualTo("data: 1\n\n");
        cut.open();
        H2Answer answer = client().answer(1);
        assertThat(answer.text()).startsWith("data: {\"error\":").contains("engine_reset");
        assertThat(answer.reset()).isEqualTo(INTERNAL_ERROR);
    }

    @Test
    void aCutStreamWithoutAWindowIsResetAllTheSame() throws Exception {
        engine.nextRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n");
        });
        connect(INITIAL_WINDOW_SIZE, 0).request(1, "/v1/x", "{}");
        assertThat(client().answer(1).reset()).isEqualTo(INTERNAL_ERROR);
    }

    @Test
    void aResetStopsTheEngine() throws Exception {
        engine.answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        connect().request(1, "/v1/x", "{}");
        client().next(H2Frame.DATA);
        client().reset(1, CANCEL);
        engine.journal().awaitAborts(1);
        assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.CLIENT_GONE);
    }

    @Test
    void aLostConnectionStopsAllItsEngines() throws Exception {
        engine.answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        connect().request(1, "/v1/x", "{}").request(3, "/v1/x", "{}");
        client().next(H2Frame.DATA);
        client().next(H2Frame.DATA);
        client().close();
        engine.journal().awaitAborts(2);
    }

    @Test
    void aDrainTakesWhatIsOnItsWayAndCompletesWhatRuns() throws Exception {
        Gate finish = new Gate();
        engine.answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
        connect().request(1, "/v1/x", "{}");
        client().next(H2Frame.DATA);
        var drained = CompletableFuture.supplyAsync(() -> proxy.server.drain(Gate.LIMIT));

        assertThat(client().next(H2Frame.GOAWAY).intAt(0)).isEqualTo(Integer.MAX_VALUE);
        client().request(3, "/v1/x", "{}");
        H2Frame ping = client().next(H2Frame.PING);
        client().frame(H2Frame.PING, H2Frame.ACK, 0, ping.payload());
        H2Frame last = client().next(H2Frame.GOAWAY);
        assertThat(last.intAt(0)).isEqualTo(3);
        assertThat(last.intAt(4)).isEqualTo(NO_ERROR);
        client().request(5, "/v1/x", "{}").window(5, 1000).reset(5, CANCEL).frame(H2Frame.PING, 0, 0, new byte[8]);
        assertThat(client().next(H2Frame.PING).flags()).isEqualTo(H2Frame.ACK);
        finish.open();
        assertThat(client().isClosedByRouter()).isTrue();
        assertThat(drained).succeedsWithin(Gate.LIMIT).isEqualTo(true);
        assertThat(engine.journal().requests()).hasSize(2);
        assertThat(proxy.nextExchange().failure()).isNull();
        assertThat(proxy.nextExchange().failure()).isNull();
    }

    @Test
    void anIdleConnectionIsDrainedAtOnce() throws Exception {
        connect().next(H2Frame.SETTINGS);
        assertThat(proxy.server.drain(Gate.LIMIT)).isTrue();
        assertThat(client().isClosedByRouter()).isTrue();
    }
}
