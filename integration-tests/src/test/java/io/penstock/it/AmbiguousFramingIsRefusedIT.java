package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request that two parsers could cut in two different places is refused, and nothing of it, nor of what follows it on
 * the connection, reaches an engine (RFC 9112, section 11.2). Proven with raw bytes through the real codec.
 */
final class AmbiguousFramingIsRefusedIT {

    private static final String HOST = "host: r\r\n";
    private static final String BODY = "{\"model\":\"m\"}";
    private static final String CHUNKED_BODY = "d\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String SMUGGLED = "POST /v1/smuggled HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n" + BODY;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 13\r\ntransfer-encoding: chunked\r\n",
                "transfer-encoding: chunked\r\ncontent-length: 13\r\n",
                "content-length: 13\r\ncontent-length: 13\r\n",
                "content-length: 13\r\ncontent-length: 14\r\n",
                "content-length: 13, 13\r\n",
                "content-length: +13\r\n",
                "content-length: -1\r\n",
                "content-length: 0x0d\r\n",
                "content-length: 13 13\r\n",
                "content-length: \r\n",
                "content-length: 99999999999999999999\r\n",
                "transfer-encoding: identity\r\ncontent-length: 13\r\n",
                "transfer-encoding: gzip, chunked\r\n",
                "transfer-encoding: chunked, gzip\r\n",
                "transfer-encoding: chunked, chunked\r\n",
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
                "transfer-encoding: xchunked\r\n",
                "transfer-encoding: \u000bchunked\r\n",
                "transfer-encoding: \"chunked\"\r\n",
                "transfer-encoding : chunked\r\n",
                "content-length : 13\r\n",
                "content-length\t: 13\r\n",
                "x: y\r\nno colon here\r\ncontent-length: 13\r\n",
                ": nameless\r\ncontent-length: 13\r\n",
                "x: a\u0000b\r\ncontent-length: 13\r\n",
                "x: a\rcontent-length: 13\r\n",
                "x\u0001: a\r\ncontent-length: 13\r\n",
                "host: other\r\ncontent-length: 13\r\n"
            })
    void inTheHeaders(String headerLines) throws IOException {
        refused("POST /v1/completions HTTP/1.1\r\n" + HOST + headerLines + "\r\n" + CHUNKED_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/completions HTTP/1.0\r\nhost: r\r\ntransfer-encoding: chunked\r\n\r\n",
                "POST /v1/completions HTTP/1.1\r\ncontent-length: 13\r\n\r\n",
                "POST http://elsewhere/v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST * HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/completions#x HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/\u0001 HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/\u00e9 HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/completions HTTP/1.9\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/completions HTTP/2.0\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/completions\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "POST /v1/completions HTTP/1.1\nhost: r\ncontent-length: 13\n\n",
                "POST /v1/completions HTTP/1.1\r\nhost: r\ncontent-length: 13\r\n\r\n",
                "PO ST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                " /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 hello\r\n\r\n"
            })
    void inTheRequestLine(String head) throws IOException {
        refused(head + CHUNKED_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d \u0000\r\n" + BODY + "\r\n0\r\n\r\n",
                "-d\r\n" + BODY + "\r\n0\r\n\r\n",
                "+d\r\n" + BODY + "\r\n0\r\n\r\n",
                "0xd\r\n" + BODY + "\r\n0\r\n\r\n",
                "g\r\n" + BODY + "\r\n0\r\n\r\n",
                "\r\n" + BODY + "\r\n0\r\n\r\n",
                "ffffffffffffffff\r\n" + BODY + "\r\n0\r\n\r\n",
                "d;a\nb\r\n" + BODY + "\r\n0\r\n\r\n",
                "d\n" + BODY + "\r\n0\r\n\r\n",
                "d\r\n" + BODY + "XX0\r\n\r\n",
                "c\r\n" + BODY + "\r\n0\r\n\r\n",
                "d\r\n" + BODY + "\n0\r\n\r\n"
            })
    void inTheChunks(String chunks) throws IOException {
        refused("POST /v1/completions HTTP/1.1\r\n" + HOST + "transfer-encoding: chunked\r\n\r\n" + chunks);
    }

    @Test
    void aRequestThatOnlyBeginsLikeTheHttp2PrefaceIsRefused() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine)).send("PRI * HTTP/2.0\r\nhost: router\r\n\r\n");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BAD_FRAMING);
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void anIncompleteRequestReachesNoEngine() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under)
                .send("POST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 14\r\n\r\n" + BODY);
        assertThat(client.staysSilentFor(100)).isTrue();
        client.close();
        under.awaitNothingInFlight();
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aFoldedHeaderArrivesOnOneLine() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine))
                .post("/v1/completions", BODY, "x-folded: a\r\n b\r\n\ttransfer-encoding: chunked");
        assertThat(client.readResponse().status()).isIn(200, 400);
        for (var head : engine.journal().heads()) {
            assertThat(head.value("transfer-encoding")).isNull();
            assertThat(head.value("x-folded")).doesNotContain("\r", "\n");
        }
    }

    @Test
    void forbiddenTrailersGoNowhere() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine))
                .send("POST /v1/completions HTTP/1.1\r\n" + HOST + "transfer-encoding: chunked\r\n\r\nd\r\n" + BODY
                        + "\r\n0\r\ncontent-length: 5\r\nx-trailer: t\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().onlyRequest().head().values("content-length"))
                .containsExactly("13");
        assertThat(engine.journal().onlyRequest().text()).isEqualTo(BODY);
    }

    @Test
    void anOverlongRequestLineIsRefused() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine)).get("/v1/" + "x".repeat(9 << 10));
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.URI_TOO_LONG);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void anOverlargeHeaderSectionIsRefused() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client =
                router.client(router.start(engine)).post("/v1/completions", BODY, "x-large: " + "x".repeat(65 << 10));
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.HEADERS_TOO_LARGE);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aLargeHeaderSectionWithinTheLimitPasses() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client =
                router.client(router.start(engine)).post("/v1/completions", BODY, "x-large: " + "x".repeat(60 << 10));
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    /** Sends bytes followed by a whole second request: one refusal comes back, then the end. */
    private void refused(String bytes) throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        client.send((bytes + SMUGGLED).getBytes(StandardCharsets.ISO_8859_1));
        RawResponse refusal = client.readResponse();
        OpenAiErrors.assertFailure(refusal, FailureKind.BAD_FRAMING);
        assertThat(client.readToEnd()).isEmpty();
        assertThat(engine.journal().heads()).isEmpty();
    }
}
