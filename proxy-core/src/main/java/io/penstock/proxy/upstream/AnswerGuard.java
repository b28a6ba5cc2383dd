package io.penstock.proxy.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses response heads that two parsers could read in two ways and the codec lets through: a status that is not three digits,
 * a version that is not spoken, a transfer coding besides chunked, which would be undone by nobody (RFC 9112, sections 4 and 6.1),
 * and an upgrade that nobody asked for. Threading: pure functions.
 */
final class AnswerGuard {

    private AnswerGuard() {}

    /** Why the head cannot be passed on, for whoever reads the log; null if it says one thing to everybody. */
    static @Nullable String problemOf(HttpResponse head) {
        int status = head.status().code();
        if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            return "the engine changed the protocol, which it was not asked to";
        }
        if (status < 100 || status > 999) {
            return "the engine sent an answer with a status that is not three digits";
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return "the engine sent an answer in a version of HTTP that is neither 1.1 nor 1.0";
        }
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean plain = codings.isEmpty() || (codings.size() == 1 && isChunked(codings.get(0)));
        return plain ? null : "the engine sent an answer with a transfer coding other than chunked";
    }

    /** What is wrong with an answer that could not be read. */
    static String problemOf(@Nullable Throwable cause) {
        return cause instanceof TooLongHttpHeaderException
                ? "the engine sent an answer with a head of more than " + Http1Initializer.MAX_RESPONSE_HEADER_BYTES
                        + " bytes"
                : "the engine sent an answer that is not valid HTTP";
    }

    private static boolean isChunked(String coding) {
        return AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.CHUNKED, coding);
    }
}
