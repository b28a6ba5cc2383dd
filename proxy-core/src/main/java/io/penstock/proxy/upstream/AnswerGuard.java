package io.penstock.proxy.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Refuses response heads that two parsers could read in two ways and the codec lets through: a status that is not three digits,
 * a version that is not spoken, a transfer coding besides chunked, which would be undone by nobody (RFC 9112, sections 4 and 6.1),
 * and an upgrade that nobody asked for. Threading: pure functions.
 */
final class AnswerGuard {

    private AnswerGuard() {}

    /** True if the head says one thing to everybody. */
    static boolean accepts(HttpResponse head) {
        int status = head.status().code();
        if (status < 100 || status > 999 || status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            return false;
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return false;
        }
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty() || (codings.size() == 1 && isChunked(codings.get(0)));
    }

    private static boolean isChunked(String coding) {
        return AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.CHUNKED, coding);
    }
}
