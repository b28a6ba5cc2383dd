package io.penstock.it;

import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of one stream, over either version of HTTP, that reads no further than it is asked to. Threading: the test's thread. */
abstract class StreamReader implements Closeable {

    /** The versions of HTTP. */
    enum Kind {
        HTTP1,
        H2C;

        /** Asks the router for a chat's stream; header lines are {@code name: value}. */
        StreamReader ask(RouterUnderTest router, String json, String... headerLines) throws IOException {
            return askAt("/v1/chat/completions", router, json, headerLines);
        }

        /** As {@link #ask}, for the stream of another API. */
        StreamReader askAt(String path, RouterUnderTest router, String json, String... headerLines) throws IOException {
            return this == HTTP1
                    ? new Http1(RawClient.connect(router.port()), path, json, headerLines)
                    : new H2(RawH2Client.connect(router.port()), path, json, headerLines);
        }
    }

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<String> pieces = new ArrayList<>();
    private boolean ended;
    private boolean cut;

    /** The next piece of the body as it was framed; null at its end, which may be a cut. */
    abstract byte @Nullable [] next() throws IOException;

    abstract int status() throws IOException;

    final void cut() {
        cut = true;
    }

    private boolean readPiece() throws IOException {
        byte @Nullable [] piece = next();
        if (piece == null || piece.length == 0) {
            ended |= piece == null || !(this instanceof H2);
            return !ended;
        }
        received.writeBytes(piece);
        pieces.add(new String(piece, StandardCharsets.UTF_8));
        return true;
    }

    /** Reads on until all that came, from the beginning, is at least as long as this; returns all of it. */
    String readAsFarAs(String text) throws IOException {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        while (received.size() < length && readPiece()) {
            assert !ended;
        }
        return text();
    }

    /** Reads to the end, good or bad; returns all that came. */
    String readToEnd() throws IOException {
        while (!ended && readPiece()) {
            assert !ended;
        }
        return text();
    }

    private String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    /** What came, as it was framed. */
    List<String> pieces() {
        return List.copyOf(pieces);
    }

    /** True if the stream was ended in a way that says it is not complete. */
    boolean wasCut() {
        return cut;
    }

    private static final class Http1 extends StreamReader {

        private final RawClient client;
        private final int status;

        Http1(RawClient client, String path, String json, String... headerLines) throws IOException {
            this.client = client;
            this.status = client.post(path, json, headerLines).readHead().status();
        }

        @Override
        int status() {
            return status;
        }

        @Override
        byte @Nullable [] next() {
            try {
                return client.readChunk();
            } catch (IOException e) {
                cut();
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private static final class H2 extends StreamReader {

        private static final int STREAM = 1;
        private static final int WINDOW = 1 << 30;

        private final RawH2Client client;
        private final int status;
        private boolean over;

        H2(RawH2Client client, String path, String json, String... headerLines) throws IOException {
            this.client = client;
            String[] fields = new String[2 + 2 * headerLines.length];
            fields[0] = "content-type";
            fields[1] = "application/json";
            for (int i = 0; i < headerLines.length; i++) {
                String[] field = headerLines[i].split(": ", 2);
                fields[2 + 2 * i] = field[0];
                fields[3 + 2 * i] = field[1];
            }
            client.window(0, WINDOW).post(STREAM, false, path, fields).data(STREAM, true, json);
            client.window(STREAM, WINDOW);
            H2Frame head = client.nextOn(STREAM);
            this.status = Integer.parseInt(client.fields(head).status().toString());
        }

        @Override
        int status() {
            return status;
        }

        @Override
        byte @Nullable [] next() throws IOException {
            if (over) {
                return null;
            }
            try {
                H2Frame frame = client.nextOn(STREAM);
                over = frame.endsStream() || frame.type() == H2Frame.RST_STREAM;
                if (frame.type() == H2Frame.RST_STREAM) {
                    cut();
                }
                return frame.type() == H2Frame.DATA ? frame.payload() : null;
            } catch (EOFException | SocketException e) {
                cut();
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
