package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.api.BodySplice;
import io.penstock.router.request.FieldHits.Kind;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What must change in the body of a request for a stream so that the engine tells its usage: {@code include_usage} in
 * {@code stream_options}, which keep what else is in them. Threading: pure functions.
 */
final class UsageSplice {

    private static final byte[] FIELD = bytes("\"stream_options\":{\"include_usage\":true},");
    private static final byte[] OBJECT = bytes("{\"include_usage\":true}");
    private static final byte[] ENTRY = bytes("\"include_usage\":true");
    private static final byte[] ENTRY_AND_MORE = bytes("\"include_usage\":true,");
    private static final byte[] TRUE = bytes("true");

    private UsageSplice() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The change, or null if the client asks for usage itself, or for something that no engine takes. */
    static @Nullable BodySplice of(FieldHits hits, ByteBuf body) {
        int options = BodyFields.STREAM_OPTIONS;
        return switch (hits.kind(options)) {
            case ABSENT -> new BodySplice(hits.entries().start(), hits.entries().start(), FIELD);
            case SCALAR -> isNull(hits, body) ? new BodySplice(hits.start(options), hits.end(options), OBJECT) : null;
            case CONTAINER -> within(hits, body);
            case STRING, ESCAPED_STRING, TEXT -> null;
        };
    }

    private static boolean isNull(FieldHits hits, ByteBuf body) {
        return scalar(hits, body, BodyFields.STREAM_OPTIONS).equals("null");
    }

    private static String scalar(FieldHits hits, ByteBuf body, int slot) {
        return JsonStrings.plain(body, hits.start(slot), hits.end(slot));
    }

    private static @Nullable BodySplice within(FieldHits hits, ByteBuf body) {
        int start = hits.start(BodyFields.STREAM_OPTIONS);
        int usage = BodyFields.INCLUDE_USAGE;
        if (body.getByte(body.readerIndex() + start) != '{') {
            return null;
        }
        if (hits.kind(usage) == Kind.ABSENT) {
            boolean empty = isBlank(body, start + 1, hits.end(BodyFields.STREAM_OPTIONS) - 1);
            return new BodySplice(start + 1, start + 1, empty ? ENTRY : ENTRY_AND_MORE);
        }
        boolean off =
                hits.kind(usage) == Kind.SCALAR && !scalar(hits, body, usage).equals("true");
        return off ? new BodySplice(hits.start(usage), hits.end(usage), TRUE) : null;
    }

    private static boolean isBlank(ByteBuf body, int from, int to) {
        for (int at = from; at < to; at++) {
            if (body.getByte(body.readerIndex() + at) > ' ') {
                return false;
            }
        }
        return true;
    }
}
