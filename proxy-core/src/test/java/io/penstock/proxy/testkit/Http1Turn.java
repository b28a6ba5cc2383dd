package io.penstock.proxy.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link Turn} on HTTP/1.1, which can also break every rule of it. Threading: the script's own thread. */
public final class Http1Turn implements Turn {

    private final Http1Conversation conversation;
    private final WireHead head;
    private final boolean probe;
    private @Nullable ReceivedRequest request;
    private boolean chunked;

    Http1Turn(Http1Conversation conversation, WireHead head, boolean probe) {
        this.conversation = conversation;
        this.head = head;
        this.probe = probe;
    }

    @Override
    public WireHead head() {
        return head;
    }

    @Override
    public ReceivedRequest request() {
        ReceivedRequest known = request;
        if (known != null) {
            return known;
        }
        try {
            byte[] body = conversation.reader().body(head);
            ReceivedRequest whole = new ReceivedRequest(conversation.number(), head, body);
            request = whole;
            if (!probe) {
                conversation.journal().requestArrived(whole);
            }
            return whole;
        } catch (EOFException e) {
            throw new PeerLeftException("the router left within its request", e);
        } catch (IOException e) {
            throw new IllegalStateException("the router's request is malformed", e);
        }
    }

    /** Everything this connection received so far, byte for byte. */
    public byte[] received() {
        return conversation.received().all();
    }

    @Override
    public Http1Turn respond(int status, String... headerLines) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        boolean framed = status == 204 || status == 304;
        for (String line : headerLines) {
            text.append(line).append("\r\n");
            String name = line.toLowerCase(Locale.ROOT);
            framed |= name.startsWith("content-length:") || name.startsWith("transfer-encoding:");
        }
        chunked = !framed;
        if (chunked) {
            text.append("transfer-encoding: chunked\r\n");
        }
        if (probe) {
            text.append("connection: close\r\n");
        }
        return raw(text.append("\r\n").toString());
    }

    @Override
    public Http1Turn data(byte[] bytes) {
        if (!chunked) {
            return raw(bytes);
        }
        byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[size.length + bytes.length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return raw(chunk);
    }

    /** Writes bytes as they are. */
    public Http1Turn raw(byte[] bytes) {
        conversation.write(bytes);
        return this;
    }

    /** Writes text as Latin-1, as it is. */
    public Http1Turn raw(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes text byte by byte, each in a segment of its own as far as the kernel allows. */
    public Http1Turn trickle(String text) {
        for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
            raw(new byte[] {one});
        }
        return this;
    }

    @Override
    public void end() {
        if (chunked) {
            raw("0\r\n\r\n");
        }
    }

    /** Closes the connection in good order, whether or not the response is complete. */
    public void close() {
        conversation.close();
    }

    /** Ends the sending direction in good order. */
    public void finishSending() {
        conversation.finishSending();
    }

    @Override
    public void reset() {
        conversation.reset();
    }

    @Override
    public boolean peerLeft() {
        return conversation.received().hasEnded();
    }
}
