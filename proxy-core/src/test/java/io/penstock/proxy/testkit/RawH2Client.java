package io.penstock.proxy.testkit;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Objects;

/**
 * An HTTP/2 client that writes exactly the frames it is given and reads only when asked; header sections are literals in the
 * order given, whatever they are. It acknowledges SETTINGS and opens no window by itself. Threading: one thread at a time.
 */
public final class RawH2Client implements AutoCloseable {

    /** What a connection begins with (RFC 9113, section 3.4). */
    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final IdentityHashMap<H2Frame, Http2Headers> sections = new IdentityHashMap<>();

    private RawH2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
    }

    /** Connects to a port of this machine; sends nothing. */
    public static RawH2Client silent(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Gate.LIMIT.toMillis());
        return new RawH2Client(socket);
    }

    /** Connects, and sends the preface and settings, which are identifiers and values. */
    public static RawH2Client connect(int port, int... settings) throws IOException {
        return silent(port).send(PREFACE.getBytes(StandardCharsets.US_ASCII)).settings(settings);
    }

    /** Writes bytes as they are. */
    public RawH2Client send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a frame. */
    public RawH2Client frame(int type, int flags, int stream, byte... payload) throws IOException {
        return send(new H2Frame(type, flags, stream, payload).bytes());
    }

    /** Sends SETTINGS. */
    public RawH2Client settings(int... settings) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(settings.length / 2 * 6);
        for (int i = 0; i + 1 < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return frame(H2Frame.SETTINGS, 0, 0, payload.array());
    }

    /** Sends a header section, which is names and values. */
    public RawH2Client headers(int stream, boolean endOfStream, String... fields) throws IOException {
        int flags = H2Frame.END_HEADERS | (endOfStream ? H2Frame.END_STREAM : 0);
        return frame(H2Frame.HEADERS, flags, stream, literals(fields));
    }

    /** Sends the head of a POST, and with it these fields. */
    public RawH2Client post(int stream, boolean endOfStream, String path, String... fields) throws IOException {
        String[] all = new String[8 + fields.length];
        String[] pseudo = {":method", "POST", ":scheme", "http", ":path", path, ":authority", "router"};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return headers(stream, endOfStream, all);
    }

    /** Sends a whole POST. */
    public RawH2Client request(int stream, String path, String body) throws IOException {
        return post(stream, false, path, "content-type", "application/json").data(stream, true, body);
    }

    /** Fields as literals without indexing (RFC 7541, section 6.2.2), each shorter than 127 bytes or a longer value. */
    public static byte[] literals(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            block.write(0);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** Sends DATA. */
    public RawH2Client data(int stream, boolean endOfStream, String text) throws IOException {
        return frame(H2Frame.DATA, endOfStream ? H2Frame.END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Resets a stream. */
    public RawH2Client reset(int stream, int error) throws IOException {
        return frame(H2Frame.RST_STREAM, 0, stream, bytes(error));
    }

    /** Opens a window by so much; of the connection with stream 0. */
    public RawH2Client window(int stream, int increment) throws IOException {
        return frame(H2Frame.WINDOW_UPDATE, 0, stream, bytes(increment));
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The next frame, whatever it is; SETTINGS are acknowledged. */
    public H2Frame next() throws IOException {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[lengthAndType >>> 8];
        in.readFully(payload);
        H2Frame frame = new H2Frame(lengthAndType & 0xff, flags, stream, payload);
        if (frame.type() == H2Frame.HEADERS) {
            sections.put(frame, decoded(frame));
        }
        if (frame.type() == H2Frame.SETTINGS && (flags & H2Frame.ACK) == 0) {
            frame(H2Frame.SETTINGS, H2Frame.ACK, 0);
        }
        return frame;
    }

    /** The next frame of a type; those before it are dropped. */
    public H2Frame next(int type) throws IOException {
        H2Frame frame = next();
        while (frame.type() != type) {
            frame = next();
        }
        return frame;
    }

    /** The next frame on a stream; those before it are dropped. */
    public H2Frame nextOn(int stream) throws IOException {
        H2Frame frame = next();
        while (frame.stream() != stream || frame.type() == H2Frame.WINDOW_UPDATE) {
            frame = next();
        }
        return frame;
    }

    /** The fields of a HEADERS frame that was read. */
    public Http2Headers fields(H2Frame headers) {
        return Objects.requireNonNull(sections.get(headers));
    }

    private Http2Headers decoded(H2Frame headers) {
        try {
            return decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
        } catch (Http2Exception e) {
            throw new AssertionError("a header section that cannot be read", e);
        }
    }

    /** Reads until a stream ends, which must be by END_STREAM or RST_STREAM. */
    public H2Answer answer(int stream) throws IOException {
        H2Answer answer = new H2Answer();
        while (!answer.isOver()) {
            H2Frame frame = next();
            if (frame.stream() == stream) {
                if (frame.type() == H2Frame.HEADERS) {
                    answer.head(fields(frame));
                }
                answer.take(frame);
            }
        }
        return answer;
    }

    /** The error code of the GOAWAY that comes. */
    public int goAway() throws IOException {
        return next(H2Frame.GOAWAY).intAt(4);
    }

    /** True if the router closes the connection; whatever it sends before is dropped. */
    public boolean isClosedByRouter() throws IOException {
        try {
            while (true) {
                next();
            }
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
