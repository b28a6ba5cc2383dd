package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds a field in a {@code multipart/form-data} body (RFC 7578, RFC 2046 section 5.1), such as the {@code model} of an
 * audio upload, which may come after the file. Bounded in parts and header bytes; a body that breaks these bounds or
 * the format simply has no field, and the engine judges it.
 *
 * <p>Threading: confined to one scan, on any thread.
 */
final class FormScan {

    private static final int MAX_PARTS = 64;
    private static final int MAX_PART_HEADER_BYTES = 4 << 10;

    private final ByteBuf body;
    private final ByteBuf delimiter;
    private final ByteBuf headerEnd = ascii("\r\n\r\n");

    FormScan(ByteBuf body, String boundary) {
        this.body = body.slice();
        this.delimiter = ascii("\r\n--" + boundary);
    }

    /** The content of the last field of this name: engines build a dictionary, where the last one stays. */
    @Nullable
    ByteRange lastFieldNamed(String name) {
        ByteRange found = null;
        int part = firstPart();
        for (int parts = 0; part >= 0 && parts < MAX_PARTS; parts++) {
            int headersEnd = indexOf(headerEnd, part, Math.min(body.writerIndex(), part + MAX_PART_HEADER_BYTES));
            int contentStart = headersEnd + headerEnd.readableBytes();
            int contentEnd = headersEnd < 0 ? -1 : indexOf(delimiter, contentStart, body.writerIndex());
            if (contentEnd < 0) {
                break;
            }
            if (name.equals(fieldName(part, headersEnd))) {
                found = new ByteRange(contentStart, contentEnd);
            }
            part = contentEnd + delimiter.readableBytes();
        }
        return found;
    }

    /** Past the first delimiter, which lacks the line break in front if nothing precedes it. */
    private int firstPart() {
        int dashes = delimiter.readableBytes() - 2;
        ByteBuf opening = delimiter.slice(2, dashes);
        if (body.readableBytes() >= dashes && ByteBufUtil.equals(opening, 0, body, 0, dashes)) {
            return dashes;
        }
        int preambleEnd = indexOf(delimiter, 0, Math.min(body.writerIndex(), MAX_PART_HEADER_BYTES));
        return preambleEnd < 0 ? -1 : preambleEnd + delimiter.readableBytes();
    }

    private int indexOf(ByteBuf needle, int from, int to) {
        if (to - from < needle.readableBytes()) {
            return -1;
        }
        int at = ByteBufUtil.indexOf(needle, body.slice(from, to - from));
        return at < 0 ? -1 : from + at;
    }

    private @Nullable String fieldName(int from, int to) {
        String headers = body.toString(from, to - from, StandardCharsets.UTF_8);
        for (String line : headers.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
                return parameter(line.substring(colon + 1), "name");
            }
        }
        return null;
    }

    /** A parameter of a header value such as {@code form-data; name="model"}; quoted or not. */
    static @Nullable String parameter(String value, String name) {
        int at = value.indexOf(';');
        while (at >= 0 && at < value.length()) {
            int equals = value.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            String key = value.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            int start = equals + 1;
            boolean quoted = start < value.length() && value.charAt(start) == '"';
            int end = quoted ? closingQuote(value, start + 1) : value.indexOf(';', start);
            int stop = end < 0 ? value.length() : end;
            if (key.equals(name)) {
                return quoted
                        ? value.substring(start + 1, stop)
                        : value.substring(start, stop).strip();
            }
            at = value.indexOf(';', stop);
        }
        return null;
    }

    private static int closingQuote(String value, int from) {
        for (int i = from; i < value.length(); i++) {
            if (value.charAt(i) == '\\') {
                i++;
            } else if (value.charAt(i) == '"') {
                return i;
            }
        }
        return -1;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }
}
