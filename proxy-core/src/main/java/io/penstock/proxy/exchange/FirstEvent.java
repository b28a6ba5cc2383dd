package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells an event stream that begins with an error from one that begins with an answer, by its first bytes. vLLM and SGLang
 * send {@code data: {"error":{...}}}, and {@code event: error} on {@code /v1/messages}. A byte order mark, empty lines and comments
 * before it say nothing (WHATWG HTML, server-sent events, section 9.2.6). Threading: pure functions.
 */
final class FirstEvent {

    /** What the bytes at hand say. */
    enum Reading {
        /** An answer, or nothing that is known. */
        ANSWER,
        /** An error. */
        ERROR,
        /** Too few bytes to tell. */
        UNDECIDED
    }

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR_FIELD = "\"error\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR_NAME = "error".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"?(\\d{3})\\b");
    private static final List<String> ENGINES_OWN =
            List.of("internal_error", "api_error", "overloaded_error", "server_error", "InternalServerError");

    private final ByteBuf bytes;
    private final int end;
    private int at;

    private FirstEvent(ByteBuf bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Reads the beginning of a stream, which is at {@code index} and goes as far as {@code end}. */
    static Reading read(ByteBuf bytes, int index, int end) {
        int start = firstField(bytes, afterMark(bytes, index, end), end);
        Reading named = new FirstEvent(bytes, start, end).read(EVENT, ERROR_NAME);
        return named == Reading.ANSWER ? new FirstEvent(bytes, start, end).readData() : named;
    }

    /** Behind the mark; at the end if that may become one; where it was if there is none. */
    private static int afterMark(ByteBuf bytes, int index, int end) {
        for (int i = 0; i < MARK.length; i++) {
            if (index + i == end) {
                return end;
            }
            if (bytes.getByte(index + i) != MARK[i]) {
                return index;
            }
        }
        return index + MARK.length;
    }

    /** The first line that is neither empty nor a comment; the end if there is none yet. */
    private static int firstField(ByteBuf bytes, int index, int end) {
        int at = index;
        boolean comment = false;
        while (at < end) {
            byte b = bytes.getByte(at);
            boolean lineEnds = b == '\n' || b == '\r';
            if (!lineEnds && !comment && b != ':') {
                return at;
            }
            comment = !lineEnds;
            at++;
        }
        return end;
    }

    private Reading readData() {
        Reading opened = read(DATA, new byte[] {'{'});
        if (opened != Reading.ERROR) {
            return opened;
        }
        Reading field = read(new byte[0], ERROR_FIELD);
        return field == Reading.ERROR ? readObject() : field;
    }

    private Reading readObject() {
        Reading colon = read(new byte[0], new byte[] {':'});
        return colon == Reading.ERROR ? read(new byte[0], new byte[] {'{'}) : colon;
    }

    /** Reads {@code first}, blanks and {@code then}; ERROR means that all of it was there. */
    private Reading read(byte[] first, byte[] then) {
        Reading began = expect(first);
        if (began != Reading.ERROR) {
            return began;
        }
        while (at < end && bytes.getByte(at) == ' ') {
            at++;
        }
        return expect(then);
    }

    private Reading expect(byte[] text) {
        for (byte wanted : text) {
            if (at == end) {
                return Reading.UNDECIDED;
            }
            if (bytes.getByte(at++) != wanted) {
                return Reading.ANSWER;
            }
        }
        return Reading.ERROR;
    }

    /**
     * True if the error in {@code event} is the engine's own, such as an internal one, and another engine may do better. The
     * client's own mistakes, which carry a code of 4xx, would be refused by any other engine too.
     */
    static boolean isTheEngines(String event) {
        Matcher code = CODE.matcher(event);
        if (code.find()) {
            int status = Integer.parseInt(code.group(1));
            return status >= 500 || status == 429;
        }
        return ENGINES_OWN.stream().anyMatch(event::contains);
    }
}
