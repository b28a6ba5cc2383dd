package io.penstock.proxy.front;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's header section into the form that all versions share. What makes a request malformed (RFC 9113, sections
 * 8.1.1 to 8.3.1) is an exception that resets the stream; what is well-formed but ambiguous or not offered is a {@link #problem}
 * to be answered. The codec has looked at names, values, connection-specific fields and the order of fields before. Threading:
 * loop-confined.
 */
@LoopConfined
final class Http2RequestReader {

    private static final int MAX_LENGTH_DIGITS = 18;

    private final int streamId;
    private final int maxFields;
    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().newHeaders();

    private @Nullable CharSequence method;
    private @Nullable CharSequence scheme;
    private @Nullable CharSequence path;
    private @Nullable CharSequence authority;
    private @Nullable StringBuilder cookie;
    private long contentLength;

    private Http2RequestReader(int streamId, int maxFields) {
        this.streamId = streamId;
        this.maxFields = maxFields;
    }

    /** Reads a header section. */
    static Http2RequestReader of(int streamId, Http2Headers fields, int maxFields) throws Http2Exception {
        var reader = new Http2RequestReader(streamId, maxFields);
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            reader.take(field.getKey(), field.getValue());
        }
        reader.complete();
        return reader;
    }

    /** Refuses a trailer section that is malformed. */
    static void checkTrailers(int streamId, Http2Headers fields) throws Http2Exception {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            if (PseudoHeaderName.hasPseudoHeaderFormat(field.getKey())) {
                throw malformed(streamId, "a pseudo-header among the trailers");
            }
        }
    }

    private void take(CharSequence name, CharSequence value) throws Http2Exception {
        if (hasBlankEnd(value)) {
            throw malformed(streamId, "a field value begins or ends with a blank");
        }
        if (PseudoHeaderName.hasPseudoHeaderFormat(name)) {
            takePseudo(PseudoHeaderName.getPseudoHeader(name), value);
        } else if (HttpHeaderNames.COOKIE.contentEquals(name)) {
            cookie = cookie == null
                    ? new StringBuilder(value)
                    : cookie.append("; ").append(value);
        } else {
            add(name, value);
        }
    }

    private static boolean hasBlankEnd(CharSequence value) {
        int length = value.length();
        return length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void takePseudo(@Nullable PseudoHeaderName name, CharSequence value) throws Http2Exception {
        if (name == PseudoHeaderName.METHOD) {
            method = once(method, value);
        } else if (name == PseudoHeaderName.SCHEME) {
            scheme = once(scheme, value);
        } else if (name == PseudoHeaderName.PATH) {
            path = once(path, value);
        } else if (name == PseudoHeaderName.AUTHORITY) {
            authority = once(authority, value);
        } else {
            throw malformed(streamId, "a pseudo-header that requests do not have");
        }
    }

    private CharSequence once(@Nullable CharSequence before, CharSequence value) throws Http2Exception {
        if (before != null) {
            throw malformed(streamId, "a pseudo-header twice");
        }
        return value;
    }

    /** A name or value that HTTP/1.1 could not carry is refused, lest an engine reads another request. */
    private void add(CharSequence name, CharSequence value) throws Http2Exception {
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException e) {
            throw malformed(streamId, "a field that is no field in HTTP");
        }
    }

    private void complete() throws Http2Exception {
        if (cookie != null) {
            headers.set(HttpHeaderNames.COOKIE, cookie);
        }
        contentLength = readContentLength();
        if (isConnect()) {
            if (scheme != null || path != null || authority == null) {
                throw malformed(streamId, "not the pseudo-headers of CONNECT");
            }
        } else if (method == null || scheme == null || path == null || path.isEmpty()) {
            throw malformed(streamId, "a pseudo-header is missing");
        }
        checkMethod();
    }

    private long readContentLength() throws Http2Exception {
        var lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            return 0;
        }
        String digits = lengths.get(0);
        boolean plain = lengths.size() == 1 && !digits.isEmpty() && digits.length() <= MAX_LENGTH_DIGITS;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!plain) {
            throw malformed(streamId, "the content-length is not one number");
        }
        return Long.parseLong(digits);
    }

    private void checkMethod() throws Http2Exception {
        try {
            method();
        } catch (IllegalArgumentException e) {
            throw malformed(streamId, "the method is no token");
        }
    }

    private boolean isConnect() {
        return method != null && HttpMethod.CONNECT.asciiName().contentEquals(method);
    }

    /** The announced length of the body, 0 if none is. */
    long contentLength() {
        return contentLength;
    }

    /** The method. */
    HttpMethod method() {
        return HttpMethod.valueOf(String.valueOf(method));
    }

    /** The target in origin form, unless there is a {@link #problem}. */
    String uri() {
        return path == null ? "/" : path.toString();
    }

    /** All fields but the pseudo-headers, with the authority as {@code host}. Call after {@link #problem}. */
    HttpHeaders headers() {
        if (authority != null) {
            headers.set(HttpHeaderNames.HOST, authority);
        }
        return headers;
    }

    /** Why the request is refused, or null. */
    @Nullable
    ProxyFailure problem() {
        if (isConnect()) {
            return ProxyFailure.of(FailureKind.METHOD_NOT_ALLOWED, "CONNECT is not offered");
        }
        if (headers.size() > maxFields) {
            return FramingGuard.tooManyFields(maxFields);
        }
        if (!FramingGuard.isOriginForm(method(), uri())) {
            return FramingGuard.framing("the request target must be a path");
        }
        var hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && authority == null)) {
            return FramingGuard.framing(
                    hosts.isEmpty() ? "the authority is missing" : "there is more than one host header");
        }
        if (authority != null && !hosts.isEmpty() && !AsciiString.contentEqualsIgnoreCase(authority, hosts.get(0))) {
            return FramingGuard.framing("the authority and the host header differ");
        }
        return FramingGuard.isHost(authority == null ? hosts.get(0) : authority)
                ? FramingGuard.disguisedFraming(headers)
                : FramingGuard.framing("the authority is not a host with or without a port");
    }

    private static Http2Exception malformed(int streamId, String text) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, text);
    }
}
