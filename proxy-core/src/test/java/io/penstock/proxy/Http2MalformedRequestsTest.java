package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawH2Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that RFC 9113, sections 8.1 to 8.5, calls malformed, and those that are refused although they are not. */
final class Http2MalformedRequestsTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;
    private static final int REFUSED_STREAM = 7;

    private final AtomicInteger routed = new AtomicInteger();
    private final ProxyUnderTest proxy;
    private final RawH2Client client;

    Http2MalformedRequestsTest() throws Exception {
        var front = new ProxyOptions.Front(
                1 << 20, 1L << 30, 4 << 10, 8 << 10, Duration.ofSeconds(75), 2, false, ClientLimits.DEFAULT);
        proxy = new ProxyUnderTest(
                request -> {
                    routed.incrementAndGet();
                    return request.loop()
                            .newSucceededFuture(answer(request.head().uri()));
                },
                new ProxyOptions(front, ProxyOptions.Upstream.DEFAULT));
        client = RawH2Client.connect(proxy.server.port());
    }

    private static RouteDecision answer(String text) {
        var body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        return new RouteDecision.Answer(200, "text/plain", body, RouteLabels.NONE);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        proxy.close();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                of("no method", ":scheme", "http", ":path", "/", ":authority", "a"),
                of("no scheme", ":method", "GET", ":path", "/", ":authority", "a"),
                of("no path", ":method", "GET", ":scheme", "http", ":authority", "a"),
                of("empty path", ":method", "GET", ":scheme", "http", ":path", "", ":authority", "a"),
                of("two methods", get(":method", "GET")),
                of("two paths", get(":path", "/b")),
                of("two schemes", get(":scheme", "http")),
                of("two authorities", get(":authority", "b")),
                of("an unknown pseudo-header", get(":proto", "x")),
                of("extended CONNECT", get(":protocol", "websocket")),
                of("a pseudo-header of responses", get(":status", "200")),
                of("a pseudo-header after a field", get("x-a", "b", ":path", "/")),
                of("an upper case name", get("X-a", "b")),
                of("an empty name", get("", "b")),
                of("a blank in a name", get("x a", "b")),
                of("a colon in a name", get("x:a", "b")),
                of("a name that is no token", get("x(a)", "b")),
                of("a line end in a value", get("x-a", "b\r\nc: d")),
                of("NUL in a value", get("x-a", "b\0")),
                of("a blank before a value", get("x-a", " b")),
                of("a blank after a value", get("x-a", "b\t")),
                of("connection", get("connection", "close")),
                of("keep-alive", get("keep-alive", "timeout=5")),
                of("proxy-connection", get("proxy-connection", "keep-alive")),
                of("transfer-encoding", get("transfer-encoding", "chunked")),
                of("upgrade", get("upgrade", "h2c")),
                of("te", get("te", "trailers, deflate")),
                of("two lengths", get("content-length", "0", "content-length", "1")),
                of("a length that is no number", get("content-length", "+0")),
                of("a blank in the method", ":method", "G ET", ":scheme", "http", ":path", "/", ":authority", "a"),
                of("CONNECT with a path", ":method", "CONNECT", ":path", "/", ":authority", "a"));
    }

    private static Arguments of(String what, String... fields) {
        return Arguments.of(what, fields);
    }

    private static String[] get(String... more) {
        String[] all = new String[8 + more.length];
        String[] pseudo = {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(more, 0, all, 8, more.length);
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aMalformedRequestResetsItsStreamOnly(String what, String[] fields) throws Exception {
        client.headers(1, true, fields);
        assertThat(client.answer(1).reset()).as(what).isEqualTo(PROTOCOL_ERROR);
        assertServed(3);
        assertThat(proxy.protocolErrors).containsExactly(ClientProtocolError.MALFORMED_REQUEST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void theBodyOfAMalformedRequestIsNoErrorOfTheConnection(String what, String[] fields) throws Exception {
        client.headers(1, false, fields).data(1, false, "x".repeat(500)).data(1, true, "y".repeat(600));
        assertThat(client.answer(1).reset()).as(what).isEqualTo(PROTOCOL_ERROR);
        assertServed(3);
    }

    @Test
    void moreOrLessDataThanAnnouncedResetsTheStream() throws Exception {
        client.headers(1, true, get("content-length", "1"));
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        client.post(3, false, "/", "content-length", "3").data(3, true, "four");
        assertThat(client.answer(3).reset()).isEqualTo(PROTOCOL_ERROR);
        client.post(5, false, "/", "content-length", "5").data(5, true, "four");
        assertThat(client.answer(5).reset()).isEqualTo(PROTOCOL_ERROR);
        assertServed(7);
    }

    @Test
    void trailersWithAPseudoHeaderOrWithoutAnEndResetTheStream() throws Exception {
        client.post(1, false, "/").data(1, false, "x").headers(1, true, ":path", "/");
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        client.post(3, false, "/").data(3, false, "x").headers(3, false, "x-sum", "7");
        assertThat(client.answer(3).reset()).isEqualTo(PROTOCOL_ERROR);
        assertServed(5);
    }

    @Test
    void trailersEndARequest() throws Exception {
        client.post(1, false, "/trailers").data(1, false, "x").headers(1, true, "x-sum", "7");
        assertThat(client.answer(1).text()).isEqualTo("/trailers");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                of("authority and host differ", get("host", "b")),
                of("two hosts", get("host", "a", "host", "a")),
                of("neither", ":method", "GET", ":scheme", "http", ":path", "/"),
                of("user information", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "me@a"),
                of("no path", ":method", "GET", ":scheme", "http", ":path", "x", ":authority", "a"),
                of("a blank in the path", ":method", "GET", ":scheme", "http", ":path", "/a b", ":authority", "a"),
                of("a fragment", ":method", "GET", ":scheme", "http", ":path", "/a#b", ":authority", "a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void anAmbiguousRequestIsAnsweredWith400(String what, String[] fields) throws Exception {
        client.headers(1, true, fields);
        var answer = client.answer(1);
        assertThat(answer.status()).as(what).isEqualTo(400);
        assertThat(answer.text()).contains("\"code\":\"bad_framing\"");
        assertThat(routed).hasValue(0);
        assertServed(3);
    }

    @Test
    void connectIsNotOffered() throws Exception {
        client.headers(1, false, ":method", "CONNECT", ":authority", "a:80");
        assertThat(client.answer(1).status()).isEqualTo(405);
    }

    @Test
    void theHostMayStandInForTheAuthority() throws Exception {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/host", "host", "a");
        assertThat(client.answer(1).text()).isEqualTo("/host");
        client.headers(3, true, get("host", "A"));
        assertThat(client.answer(3).status()).isEqualTo(200);
    }

    @Test
    void aLargeHeaderSectionIsAnsweredWith431() throws Exception {
        client.post(1, false, "/", "x-large", "x".repeat(4 << 10)).data(1, true, "{}");
        var answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.text()).contains("\"code\":\"headers_too_large\"");
        assertThat(proxy.protocolErrors).containsExactly(ClientProtocolError.HEADERS_TOO_LARGE);
        assertServed(3);
    }

    @Test
    void requestsBeyondTheLimitAreRefusedWithTheirBodies() throws Exception {
        client.post(1, false, "/1").post(3, false, "/3");
        client.post(5, false, "/5").data(5, false, "x".repeat(100)).data(5, true, "y");
        assertThat(client.answer(5).reset()).isEqualTo(REFUSED_STREAM);
        client.data(1, true, "x");
        assertThat(client.answer(1).text()).isEqualTo("/1");
        client.data(3, true, "x");
        assertThat(client.answer(3).text()).isEqualTo("/3");
        assertServed(7);
        assertThat(proxy.protocolErrors).containsExactly(ClientProtocolError.REFUSED_STREAM);
    }

    @Test
    void aHeaderSectionAfterTheEndOfTheRequestResetsTheStream() throws Exception {
        client.post(1, false, "/").data(1, false, "x");
        client.headers(3, true, get()).answer(3);
        client.headers(3, true, get());
        assertThat(client.goAway()).isEqualTo(STREAM_CLOSED);
    }

    @Test
    void framesOnIdleStreamsEndTheConnection() throws Exception {
        client.data(1, true, "x");
        assertThat(client.goAway()).isEqualTo(PROTOCOL_ERROR);
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(proxy.protocolErrors).containsExactly(ClientProtocolError.PROTOCOL);
    }

    @Test
    void headersThatCannotBeDecompressedEndTheConnection() throws Exception {
        client.frame(H2Frame.HEADERS, H2Frame.END_HEADERS | H2Frame.END_STREAM, 1, (byte) 0x80);
        assertThat(client.goAway()).isEqualTo(9);
        assertThat(proxy.protocolErrors).containsExactly(ClientProtocolError.COMPRESSION);
    }

    @Test
    void aWindowBeyondItsMaximumResetsTheStreamOrEndsTheConnection() throws Exception {
        client.post(1, false, "/").window(1, Integer.MAX_VALUE);
        assertThat(client.answer(1).reset()).isEqualTo(3);
        client.window(0, Integer.MAX_VALUE);
        assertThat(client.goAway()).isEqualTo(3);
    }

    private void assertServed(int stream) throws Exception {
        client.request(stream, "/served", "{}");
        assertThat(client.answer(stream).text()).isEqualTo("/served");
    }
}
