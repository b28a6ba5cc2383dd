package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.H2Answer;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.ReceivedRequest;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What HTTP/2 can carry and HTTP/1.1 would read otherwise, sent to a router before an HTTP/1.1 engine: a malformed request resets
 * its stream, an ambiguous one is answered, and the engine sees the next request only.
 */
final class SmugglingOverHttp2IT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    /** A name, the fields after the pseudo-headers of a POST, and the status or 0 for a reset. */
    static Stream<Arguments> requests() {
        return Stream.of(
                field("less data than announced", 0, "content-length", "14"),
                field("more data than announced", 0, "content-length", "12"),
                field("announced to have none", 0, "content-length", "0"),
                field("two lengths that differ", 0, "content-length", "13", "content-length", "14"),
                field("a list of lengths that differ", 0, "content-length", "13, 14"),
                field("a length with a plus", 0, "content-length", "+13"),
                field("chunks", 0, "transfer-encoding", "chunked"),
                field("a connection field", 0, "connection", "content-length"),
                field("an upgrade", 0, "upgrade", "websocket"),
                field("te", 0, "te", "chunked"),
                field("a line end in a value", 0, "x", "a\r\ntransfer-encoding: chunked"),
                field("LF in a value", 0, "x", "a\nb"),
                field("CR in a value", 0, "x", "a\rb"),
                field("NUL in a value", 0, "x", "a\0b"),
                field("a request in a value", 0, "x", "a\r\n\r\nGET / HTTP/1.1\r\nhost: r"),
                field("a line end in a name", 0, "x\r\ny", "a"),
                field("a colon in a name", 0, "transfer-encoding: chunked\r\nx", "a"),
                field("a blank in a name", 0, "transfer-encoding ", "chunked"),
                field("capitals in a name", 0, "Transfer-Encoding", "chunked"),
                field("a second path", 0, ":path", "/v1/load_lora_adapter"),
                field("a second method", 0, ":method", "GET"),
                field("a second authority", 0, ":authority", "evil"),
                field("a status", 0, ":status", "200"),
                field("another host", 400, "host", "evil"),
                field("two hosts", 400, "host", "router", "host", "router"),
                field("a length in disguise", 400, "content_length", "0"),
                field("a coding in disguise", 400, "transfer_encoding", "chunked"));
    }

    /** A name, the status or 0 for a reset, a method, a path and an authority. */
    static Stream<Arguments> heads() {
        return Stream.of(
                head("a body of GET", 400, "GET", "/v1/batches", "r"),
                head("a body of HEAD", 400, "HEAD", "/v1/batches", "r"),
                head("a method nobody knows", 405, "SMUGGLE", "/v1/completions", "r"),
                head("a blank in the method", 0, "POST /v1/x HTTP/1.1", "/v1/completions", "r"),
                head("a blank in the path", 400, "POST", "/v1/x HTTP/1.1", "r"),
                head("a line end in the path", 0, "POST", "/v1/x HTTP/1.1\r\nx: y", "r"),
                head("a fragment", 400, "POST", "/v1/x#y", "r"),
                head("a URL", 400, "POST", "http://r/v1/x", "r"),
                head("an asterisk", 400, "POST", "*", "r"),
                head("an empty path", 0, "POST", "", "r"),
                head("user information", 400, "POST", "/v1/x", "me@r"),
                head("a path in the authority", 400, "POST", "/v1/x", "r/v1"),
                head("two authorities in one", 400, "POST", "/v1/x", "r,evil"),
                head("a closed path", 404, "POST", "/v1/load_lora_adapter", "r"),
                head("a closed path behind dots", 400, "POST", "/v1/x/../load_lora_adapter", "r"));
    }

    private static Arguments field(String name, int status, String... fields) {
        String[] all = new String[8 + fields.length];
        String[] pseudo = {":method", "POST", ":scheme", "http", ":path", "/v1/completions", ":authority", "router"};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return Arguments.of(name, status, all);
    }

    private static Arguments head(String name, int status, String method, String path, String authority) {
        String[] all = {":method", method, ":scheme", "http", ":path", path, ":authority", authority};
        return Arguments.of(name, status, all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"requests", "heads"})
    void theEngineSeesNothingOfIt(String name, int status, String[] fields) throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        try (RawH2Client client = RawH2Client.connect(under.port())) {
            client.headers(1, false, fields).data(1, true, BODY);
            H2Answer answer = client.answer(1);
            if (status == 0) {
                assertThat(answer.reset()).as(name).isEqualTo(1);
            } else {
                assertThat(answer.status()).as(name).isEqualTo(status);
            }
            client.request(3, "/v1/embeddings", BODY);
            assertThat(client.answer(3).text()).isEqualTo("{\"ok\":true}");
        }
        List<ReceivedRequest> seen = engine.journal().requests();
        assertThat(engine.journal().heads()).hasSameSizeAs(seen);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).head().target()).isEqualTo("/v1/embeddings");
        assertThat(seen.get(0).text()).isEqualTo(BODY);
    }

    /** The codec makes one of them, as RFC 9110, section 8.6, allows; the body was measured against it. */
    @ParameterizedTest
    @ValueSource(strings = {"13", "13, 13"})
    void lengthsThatAgreeReachTheEngineAsOne(String length) throws IOException {
        FakeEngine engine = router.engine();
        try (RawH2Client client = RawH2Client.connect(router.start(engine).port())) {
            client.post(1, false, "/v1/completions", "content-length", length, "content-length", "13");
            assertThat(client.data(1, true, BODY).answer(1).text()).isEqualTo("{\"ok\":true}");
        }
        assertThat(engine.journal().onlyRequest().head().values("content-length"))
                .containsExactly("13");
        assertThat(engine.journal().onlyRequest().text()).isEqualTo(BODY);
    }
}
