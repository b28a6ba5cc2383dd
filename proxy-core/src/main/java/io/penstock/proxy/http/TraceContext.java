package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands in a distributed trace: the field {@code traceparent} of W3C Trace Context, sections 3.2 and 3.4.
 * Threading: immutable.
 *
 * @param traceId 32 lower case hexadecimal digits, not all zero
 * @param spanId the span that whoever sent this calls its own: 16 lower case hexadecimal digits, not all zero
 * @param flags the trace flags, 8 bits; 1 says that the sender may record the trace, 2 that the trace id is random
 */
public record TraceContext(String traceId, String spanId, int flags) {

    /** The field's name. */
    public static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");

    /** The field beside it, with what tracing systems keep for themselves. */
    public static final AsciiString TRACESTATE = AsciiString.cached("tracestate");

    /** May be recorded. */
    public static final int SAMPLED = 1;

    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;
    private static final String DIGITS = "0123456789abcdef";

    /** The context of a request; null if it has none, or one that is invalid or stands there twice. */
    public static @Nullable TraceContext of(HttpHeaders headers) {
        if (!headers.contains(TRACEPARENT)) {
            return null;
        }
        List<String> values = headers.getAll(TRACEPARENT);
        return values.size() == 1 ? parse(values.get(0)) : null;
    }

    /** Reads a field's value; null if it is invalid. Of versions to come the known part is read, as they ask for. */
    public static @Nullable TraceContext parse(String value) {
        if (value.length() < LENGTH || !isHex(value, 0, 2) || !hasDashes(value) || !hasKnownLength(value)) {
            return null;
        }
        boolean sound = isId(value, TRACE_AT, SPAN_AT - 1) && isId(value, SPAN_AT, FLAGS_AT - 1);
        if (!sound || !isHex(value, FLAGS_AT, LENGTH)) {
            return null;
        }
        int flags = Integer.parseInt(value.substring(FLAGS_AT, LENGTH), 16);
        return new TraceContext(value.substring(TRACE_AT, SPAN_AT - 1), value.substring(SPAN_AT, FLAGS_AT - 1), flags);
    }

    private static boolean hasDashes(String value) {
        return value.charAt(TRACE_AT - 1) == '-'
                && value.charAt(SPAN_AT - 1) == '-'
                && value.charAt(FLAGS_AT - 1) == '-';
    }

    private static boolean hasKnownLength(String value) {
        if (value.startsWith("ff")) {
            return false;
        }
        return value.length() == LENGTH || (!value.startsWith("00") && value.charAt(LENGTH) == '-');
    }

    private static boolean isId(String value, int from, int to) {
        boolean zero = true;
        for (int i = from; i < to; i++) {
            zero &= value.charAt(i) == '0';
        }
        return !zero && isHex(value, from, to);
    }

    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (DIGITS.indexOf(value.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The field's value, of version 00. */
    public String value() {
        return "00-" + traceId + "-" + spanId + "-" + DIGITS.charAt(flags >> 4) + DIGITS.charAt(flags & 15);
    }
}
