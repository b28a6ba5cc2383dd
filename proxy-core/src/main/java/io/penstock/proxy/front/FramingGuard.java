package io.penstock.proxy.front;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import org.jspecify.annotations.Nullable;

/**
 * Refuses request heads that two parsers could read in two ways, before any engine sees a byte (RFC 9112, sections 3.2 and
 * 11.2). The codec refuses most of them; this looks at what it lets through. Threading: pure functions.
 */
final class FramingGuard {

    private static final String EVERY_OTHER_METHOD = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static final String NOT_IN_HOSTS = "@/?#\\,\"<>";
    private static final AsciiString LIKE_CONTENT_LENGTH = AsciiString.cached("content_length");
    private static final AsciiString LIKE_TRANSFER_ENCODING = AsciiString.cached("transfer_encoding");

    private FramingGuard() {}

    /** What is wrong with the head, or null. */
    static @Nullable ProxyFailure problemOf(HttpRequest request, int maxHeaderFields) {
        if (request.decoderResult().isFailure()) {
            return decodeFailure(request.decoderResult().cause());
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return framing("only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return ProxyFailure.of(FailureKind.METHOD_NOT_ALLOWED, "CONNECT is not offered")
                    .allowing(EVERY_OTHER_METHOD);
        }
        if (AbsoluteForm.isIn(request.uri())) {
            return framing("the request target and the host header do not name the same host");
        }
        if (!isOriginForm(request.method(), request.uri())) {
            return framing("the request target must be a path");
        }
        return request.headers().size() > maxHeaderFields ? tooManyFields(maxHeaderFields) : headerProblem(request);
    }

    /** True for a path, and for the asterisk where it may stand (RFC 9112, section 3.2). */
    static boolean isOriginForm(HttpMethod method, String uri) {
        if (uri.equals("*")) {
            return method.equals(HttpMethod.OPTIONS);
        }
        if (uri.isEmpty() || uri.charAt(0) != '/') {
            return false;
        }
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ProxyFailure headerProblem(HttpRequest request) {
        HttpHeaders headers = request.headers();
        var hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            return framing(hosts.isEmpty() ? "the host header is missing" : "there is more than one host header");
        }
        if (!hosts.isEmpty() && !isHost(hosts.get(0))) {
            return framing("the host header is not a host with or without a port");
        }
        ProxyFailure disguised = disguisedFraming(headers);
        if (disguised != null) {
            return disguised;
        }
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty() && (codings.size() > 1 || !codings.get(0).trim().equalsIgnoreCase("chunked"))) {
            return framing("the only transfer coding understood is chunked");
        }
        return null;
    }

    static ProxyFailure tooManyFields(int limit) {
        return ProxyFailure.of(
                FailureKind.HEADERS_TOO_LARGE, "the request has more than the limit of " + limit + " header fields");
    }

    /** Servers that hand fields on as variables cannot tell a hyphen from an underscore. */
    static @Nullable ProxyFailure disguisedFraming(HttpHeaders headers) {
        boolean disguised = headers.contains(LIKE_CONTENT_LENGTH) || headers.contains(LIKE_TRANSFER_ENCODING);
        return disguised ? framing("a header field looks like one that frames the body") : null;
    }

    /** A host, a port maybe, and no user information, path or list (RFC 9110, section 7.2; RFC 9113, section 8.3.1). */
    static boolean isHost(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || NOT_IN_HOSTS.indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** What a failed decode is answered with. */
    static ProxyFailure decodeFailure(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return ProxyFailure.of(FailureKind.URI_TOO_LONG, "the request line is too long");
        }
        if (cause instanceof SlowHeadException) {
            return ProxyFailure.of(FailureKind.REQUEST_TIMEOUT, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return ProxyFailure.of(FailureKind.HEADERS_TOO_LARGE, "the header section is too large");
        }
        return framing("the request is not valid HTTP/1.1");
    }

    static ProxyFailure framing(String text) {
        return ProxyFailure.of(FailureKind.BAD_FRAMING, text);
    }
}
