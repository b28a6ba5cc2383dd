package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chunked answers on their way to clients of either version, byte for byte. */
final class ChunkedAnswersTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String PLAIN = "5\r\nhello\r\n7\r\n0\r\n\r\n, \r\nA\r\n0123456789\r\n0\r\n\r\n";
    private static final String MIXED =
            "5\r\nhello\r\n7;x=1\r\n0\r\n\r\n, \r\nA\r\n0123456789\r\n0;last\r\nx-sum: 7\r\n\r\n";
    private static final String BODY = "hello0\r\n\r\n, 0123456789";

    private final FakeEngine engine = FakeEngine.start();
    private final ProxyUnderTest proxy;
    private final RawClient client;

    ChunkedAnswersTest() throws Exception {
        proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
        client = proxy.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        proxy.close();
        engine.close();
    }

    @Test
    void plainChunksReachAClientAsTheyWereFramed() throws Exception {
        answer(PLAIN);
        client.post("/v1/x", "{}");
        assertThat(client.readHead().says("transfer-encoding", "chunked")).isTrue();
        assertThat(latin1(client.readExactly(PLAIN.length()))).isEqualTo(PLAIN);
        assertTheConnectionIsInStep();
    }

    @Test
    void extensionsEndHereAndTrailersPassThrough() throws Exception {
        answer(MIXED);
        client.post("/v1/x", "{}");
        client.readHead();
        assertThat(latin1(client.readExactly(5 + 3 + 2))).isEqualTo("5\r\nhello\r\n");
        assertThat(latin1(client.readChunk())).isEqualTo("0\r\n\r\n, ");
        assertThat(latin1(client.readChunk())).isEqualTo("0123456789");
        String end = "0\r\nx-sum: 7\r\n\r\n";
        assertThat(latin1(client.readExactly(end.length()))).isEqualTo(end);
        assertTheConnectionIsInStep();
        assertThat(proxy.nextExchange().responseBytes()).isEqualTo(BODY.length());
    }

    @Test
    void anAnswerThatTricklesInIsTheSame() throws Exception {
        engine.nextRaw(turn -> {
            turn.request();
            turn.trickle(HEAD + MIXED);
        });
        client.post("/v1/x", "{}");
        assertThat(client.readResponse().text()).isEqualTo(BODY);
        assertTheConnectionIsInStep();
    }

    @Test
    void anHttp10ClientGetsTheDataWithoutTheFraming() throws Exception {
        for (String framed : new String[] {PLAIN, MIXED}) {
            answer(framed);
            try (RawClient old = proxy.client()) {
                old.send("POST /v1/x HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}");
                WireHead head = old.readHead();
                assertThat(head.value("transfer-encoding")).isNull();
                assertThat(latin1(old.readToEnd())).isEqualTo(BODY);
            }
            assertThat(proxy.nextExchange().responseBytes()).isEqualTo(BODY.length());
        }
    }

    @Test
    void aChunkLargerThanAnyPieceArrivesWhole() throws Exception {
        byte[] large = new byte[300_000];
        new Random(7).nextBytes(large);
        String framed = "3\r\nabc\r\n" + Integer.toHexString(large.length) + "\r\n" + latin1(large)
                + "\r\n3\r\ndef\r\n0\r\n\r\n";
        String expected = "abc" + latin1(large) + "def";
        answer(framed);
        client.post("/v1/x", "{}");
        assertThat(latin1(client.readResponse().bytes()).equals(expected)).isTrue();
        assertTheConnectionIsInStep();
        answer(framed);
        client.send("POST /v1/x HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}").readHead();
        assertThat(latin1(client.readToEnd()).equals(expected)).isTrue();
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    private void answer(String framed) {
        engine.nextRaw(turn -> {
            turn.request();
            turn.raw(HEAD + framed);
        });
    }

    private void assertTheConnectionIsInStep() throws Exception {
        client.post("/v1/x", "{}");
        assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
