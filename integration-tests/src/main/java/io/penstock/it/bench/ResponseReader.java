package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.Locale;

/**
 * The framing of HTTP/1.1 responses (RFC 9112, sections 6 and 7), as little of it as a benchmark's client needs, so
 * that the client is not what is measured. Threading: loop-confined. Anything unexpected is told by an exception.
 */
@LoopConfined
final class ResponseReader {

    /** Gets what is in the frames. */
    interface Sink {

        /** The next {@code length} bytes of the body, all of which it reads. */
        void body(ByteBuf bytes, int length);

        /** The response is complete. */
        void end();
    }

    private enum State {
        STATUS,
        HEADERS,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        FIXED
    }

    private static final int LONGEST_LINE = 8192;

    private final Sink sink;
    private final StringBuilder line = new StringBuilder();
    private State state = State.STATUS;
    private boolean chunked;
    private long left;

    ResponseReader(Sink sink) {
        this.sink = sink;
    }

    /** Reads all of {@code bytes}. */
    void read(ByteBuf bytes) {
        while (bytes.isReadable()) {
            if (state == State.CHUNK || state == State.FIXED) {
                content(bytes);
            } else {
                octet((char) (bytes.readByte() & 0xff));
            }
        }
    }

    private void content(ByteBuf bytes) {
        int length = (int) Math.min(left, bytes.readableBytes());
        left -= length;
        sink.body(bytes, length);
        if (left == 0 && state == State.CHUNK) {
            state = State.CHUNK_END;
        } else if (left == 0) {
            end();
        }
    }

    private void octet(char octet) {
        if (octet != '\n') {
            if (line.length() == LONGEST_LINE) {
                throw new BenchmarkException("a line of a response has more than " + LONGEST_LINE + " bytes");
            }
            line.append(octet);
            return;
        }
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        String complete = line.toString();
        line.setLength(0);
        line(complete);
    }

    private void line(String text) {
        switch (state) {
            case STATUS -> status(text);
            case HEADERS -> header(text);
            case CHUNK_SIZE -> chunkSize(text);
            case CHUNK_END -> {
                require(text.isEmpty(), "a chunk is longer than its size", text);
                state = State.CHUNK_SIZE;
            }
            case TRAILERS -> {
                if (text.isEmpty()) {
                    end();
                }
            }
            case CHUNK, FIXED -> throw new IllegalStateException("no line here");
        }
    }

    private void status(String text) {
        require(text.startsWith("HTTP/1.1 200 "), "an answer is not 200", text);
        chunked = false;
        left = -1;
        state = State.HEADERS;
    }

    private void header(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
            left = Long.parseLong(lower.substring("content-length:".length()).trim());
        } else if (lower.startsWith("transfer-encoding:")) {
            chunked = lower.endsWith("chunked");
        } else if (text.isEmpty()) {
            require(chunked != left > 0, "a response is framed in no way or in two", "");
            state = chunked ? State.CHUNK_SIZE : State.FIXED;
        }
    }

    private void chunkSize(String text) {
        int extension = text.indexOf(';');
        left = Long.parseLong((extension < 0 ? text : text.substring(0, extension)).trim(), 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
    }

    private void end() {
        state = State.STATUS;
        sink.end();
    }

    private static void require(boolean condition, String problem, String text) {
        if (!condition) {
            throw new BenchmarkException(problem + ": " + text);
        }
    }
}
