package io.penstock.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads HTTP/1.1 messages from a blocking stream, byte for byte and unforgiving: what it does not understand fails the
 * test. Threading: one thread at a time.
 */
final class WireReader {

    private final InputStream in;

    WireReader(InputStream in) {
        this.in = in;
    }

    /** The next head; an {@link EOFException} when the stream ends before it is complete. */
    WireHead head() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = next();
            text.write(next);
            boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
            matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
        }
        String head = text.toString(StandardCharsets.ISO_8859_1);
        return WireHead.parse(head.substring(0, head.length() - 4));
    }

    /** The body that belongs to a head, its transfer coding undone; empty if the head announces none. */
    byte[] body(WireHead head) throws IOException {
        if (head.says("transfer-encoding", "chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                body.writeBytes(chunk);
            }
            return body.toByteArray();
        }
        String length = head.value("content-length");
        return length == null ? new byte[0] : exactly(Integer.parseInt(length));
    }

    /** The next chunk's data; empty for the last chunk, whose trailers are read too. */
    byte[] chunk() throws IOException {
        String size = line();
        int extension = size.indexOf(';');
        int length = Integer.parseInt((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
        byte[] data = exactly(length);
        if (length > 0) {
            expectEmptyLine();
            return data;
        }
        while (!line().isEmpty()) {
            // trailers are of no interest
        }
        return data;
    }

    byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < length) {
            int more = in.read(bytes, read, length - read);
            if (more < 0) {
                throw new EOFException("the stream ended after " + read + " of " + length + " bytes");
            }
            read += more;
        }
        return bytes;
    }

    private void expectEmptyLine() throws IOException {
        String line = line();
        if (!line.isEmpty()) {
            throw new IOException("expected the end of a chunk, found: " + line);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = next(); next != '\n'; next = next()) {
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new IOException("a line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    private int next() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the stream ended");
        }
        return next;
    }
}
