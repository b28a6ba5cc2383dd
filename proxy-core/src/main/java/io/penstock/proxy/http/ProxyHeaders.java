package io.penstock.proxy.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Header rules of a proxy: hop-by-hop fields end here (RFC 9110, section 7.6.1), forwarded fields and the request id are
 * added. Threading: pure functions.
 */
public final class ProxyHeaders {

    /** The request id of client, router and engine. */
    public static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");

    /** Which engine answered; only with debug headers on. */
    public static final AsciiString X_PENSTOCK_ENGINE = AsciiString.cached("x-penstock-engine");

    /** How many events of its stream a client wants to be written together; for the router alone. */
    public static final AsciiString X_PENSTOCK_STREAM_INTERVAL = AsciiString.cached("x-penstock-stream-interval");

    private static final List<AsciiString> HOP_BY_HOP = List.of(
            HttpHeaderNames.CONNECTION,
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            AsciiString.cached("http2-settings"));

    private static final HttpHeadersFactory COPIES =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private ProxyHeaders() {}

    /**
     * The headers an engine is sent for a client's request.
     *
     * @param authority the engine's {@code Host}
     * @param requestId the id of this attempt
     * @param bodyBytes the length of the body; bodies are always sent with their length
     */
    public static HttpHeaders toEngine(RequestHead head, String authority, String requestId, int bodyBytes) {
        HttpHeaders headers = COPIES.newHeaders().add(head.headers());
        String host = headers.get(HttpHeaderNames.HOST);
        removeHopByHop(headers);
        headers.remove(HttpHeaderNames.EXPECT);
        headers.remove(X_PENSTOCK_STREAM_INTERVAL);
        headers.set(HttpHeaderNames.HOST, authority);
        if (bodyBytes > 0 || headers.contains(HttpHeaderNames.CONTENT_LENGTH) || hadChunkedBody(head)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bodyBytes));
        }
        headers.set(X_REQUEST_ID, requestId);
        ForwardedHeaders.tell(headers, head.origin(), host);
        return headers;
    }

    private static boolean hadChunkedBody(RequestHead head) {
        return head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    /** Removes hop-by-hop fields and everything that {@code Connection} names, in place. */
    public static void removeHopByHop(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
                removeNamed(headers, value);
            }
        }
        for (AsciiString name : HOP_BY_HOP) {
            headers.remove(name);
        }
    }

    /** Removes from trailers, in place, what must not stand there (RFC 9110, section 6.5.1). */
    public static void removeFraming(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            removeHopByHop(trailers);
            trailers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
    }

    private static void removeNamed(HttpHeaders headers, String connection) {
        if (HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection)
                || HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(connection)) {
            return;
        }
        for (String name : connection.split(",", 64)) {
            String trimmed = name.trim();
            // naming the framing fields as hop-by-hop would change where the body ends
            if (!trimmed.isEmpty() && !HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(trimmed)) {
                headers.remove(trimmed);
            }
        }
    }
}
