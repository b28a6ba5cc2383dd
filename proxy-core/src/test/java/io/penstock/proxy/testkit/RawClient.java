package io.penstock.proxy.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/1.1 client that writes exactly the bytes it is given and reads only when asked, so that a test decides what
 * is on the wire and when. Threading: one thread at a time.
 */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final WireReader reader;

    private RawClient(Socket socket, int readAhead) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), readAhead);
        this.reader = new WireReader(in);
    }

    /** Connects to a port of this machine. */
    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** Connects with a receive buffer of so many bytes (the kernel may round it); 0 leaves the system's. */
    public static RawClient connect(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Gate.LIMIT.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Gate.LIMIT.toMillis());
        return new RawClient(socket, receiveBuffer > 0 ? 1024 : 64 << 10);
    }

    /** Connects and speaks TLS, asking for {@code localhost}; the handshake is complete when this returns. */
    public static RawClient connectTls(int port, SSLContext context) throws IOException {
        return connect(port).secured(context);
    }

    /** The same connection, on which TLS is spoken from now on. */
    public RawClient secured(SSLContext context) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 443, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return new RawClient(secured, 64 << 10);
    }

    /** The certificate that the router showed. */
    public X509Certificate routersCertificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** Writes text as UTF-8, as it is. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes as they are. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a POST of JSON with its length and the given further header lines. */
    public RawClient post(String path, String json, String... headerLines) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: router\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        head.append("content-type: application/json\r\ncontent-length: ")
                .append(body.length)
                .append("\r\n\r\n");
        byte[] headBytes = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, message, 0, headBytes.length);
        System.arraycopy(body, 0, message, headBytes.length, body.length);
        return send(message);
    }

    /** Sends a GET. */
    public RawClient get(String path, String... headerLines) throws IOException {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nhost: router\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** Reads the next response head. */
    public WireHead readHead() throws IOException {
        return reader.head();
    }

    /** Reads the next whole response. */
    public RawResponse readResponse() throws IOException {
        WireHead head = reader.head();
        return new RawResponse(head, readBody(head));
    }

    /** Reads the body that belongs to a head: by length, by chunks, or to the end of the connection. */
    public byte[] readBody(WireHead head) throws IOException {
        boolean framed = head.says("transfer-encoding", "chunked") || head.value("content-length") != null;
        boolean empty = head.status() == 204 || head.status() == 304;
        return framed || empty ? reader.body(head) : readToEnd();
    }

    /** Reads the next chunk of a chunked body; empty for the last. */
    public byte[] readChunk() throws IOException {
        return reader.chunk();
    }

    /** Reads so many bytes as they are. */
    public byte[] readExactly(int length) throws IOException {
        return reader.exactly(length);
    }

    /** Reads whatever comes until the connection ends in good order; a reset fails. */
    public byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    /** Whether the router closes or resets the connection, nothing more being sent, within {@link Gate#LIMIT}. */
    public boolean isClosedByRouter() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Whether nothing arrives for so many milliseconds, the connection staying open. */
    public boolean staysSilentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            in.mark(1);
            if (in.read() < 0) {
                throw new EOFException("the connection was closed");
            }
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout((int) Gate.LIMIT.toMillis());
        }
    }

    /** Ends the sending direction only. */
    public void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Leaves at once with a TCP reset. */
    public void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
