package io.penstock.proxy.testkit;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A {@link Turn} on one HTTP/2 stream. Threading: the script's own thread; writes happen on the stream's loop. */
public final class Http2Turn implements Turn {

    private static final int SLICE = 16 << 10;

    private final Http2Connection connection;
    private final Channel stream;
    private final WireHead head;
    private final boolean probe;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Gate whole = new Gate();
    private volatile boolean left;

    Http2Turn(Http2Connection connection, Channel stream, WireHead head, boolean probe) {
        this.connection = connection;
        this.stream = stream;
        this.head = head;
        this.probe = probe;
    }

    @Override
    public WireHead head() {
        return head;
    }

    @Override
    public ReceivedRequest request() {
        await(whole);
        return received();
    }

    /** The stream's identifier. */
    public int id() {
        return ((Http2StreamChannel) stream).stream().id();
    }

    @Override
    public Http2Turn respond(int status, String... headerLines) {
        Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(status));
        for (String line : headerLines) {
            int colon = line.indexOf(':');
            headers.add(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        write(new DefaultHttp2HeadersFrame(headers));
        return this;
    }

    @Override
    public Http2Turn data(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += SLICE) {
            int length = Math.min(SLICE, bytes.length - at);
            write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes, at, length)));
            if (!probe) {
                connection.journal().wrote(length);
            }
        }
        return this;
    }

    @Override
    public Http2Turn data(String text) {
        return data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the piece again and again, until the router takes nothing for a while. */
    public Http2Turn dataUntilStalled(byte[] piece) {
        ChannelFuture written;
        do {
            written = stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(piece)));
        } while (written.awaitUninterruptibly(300, TimeUnit.MILLISECONDS));
        return this;
    }

    @Override
    public void end() {
        write(new DefaultHttp2DataFrame(true));
    }

    /** Ends the response with trailers, {@code name: value} each. */
    public void endWith(String... trailerLines) {
        Http2Headers trailers = new DefaultHttp2Headers();
        for (String line : trailerLines) {
            int colon = line.indexOf(':');
            trailers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        write(new DefaultHttp2HeadersFrame(trailers, true));
    }

    /** Breaks the stream off with INTERNAL_ERROR. */
    @Override
    public void reset() {
        write(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    }

    /** Refuses the stream: the request was not worked on (RFC 9113, section 8.7). */
    public void refuse() {
        write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
    }

    /** Tells the router to open no further streams on this connection; those up to {@code lastStream} finish. */
    public Http2Turn goAway(int lastStream) {
        ChannelHandlerContext codec = stream.parent().pipeline().context(Http2FrameCodec.class);
        ChannelPromise sent = codec.newPromise();
        codec.executor().execute(() -> {
            Http2FrameCodec connectionCodec = (Http2FrameCodec) codec.handler();
            ChannelFuture unused =
                    connectionCodec.goAway(codec, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, sent);
            codec.flush();
        });
        sent.syncUninterruptibly();
        return this;
    }

    /** Closes the whole connection. */
    public void closeConnection() {
        stream.parent().close().syncUninterruptibly();
    }

    @Override
    public boolean peerLeft() {
        return left;
    }

    void bodyGrew(byte[] bytes) {
        synchronized (body) {
            body.writeBytes(bytes);
        }
    }

    void bodyEnded() {
        if (!probe) {
            connection.journal().requestArrived(received());
        }
        whole.open();
    }

    void left() {
        left = true;
    }

    private ReceivedRequest received() {
        synchronized (body) {
            return new ReceivedRequest(connection.number(), head, body.toByteArray());
        }
    }

    private void write(Object frame) {
        ChannelFuture written = stream.writeAndFlush(frame);
        if (!written.awaitUninterruptibly(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the router took nothing for 30 s");
        }
        if (!written.isSuccess()) {
            throw new PeerLeftException("the router left while the script was writing", written.cause());
        }
    }
}
