package io.penstock.router.simulate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AsciiString;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request on the wire, the same for HTTP/1.1 and HTTP/2, with the headers uvicorn writes. It knows
 * the faults that belong to bytes rather than to tokens: trickling, closing behind the answer, cuts and resets.
 * Threading: loop-confined. Ends exactly once.
 */
@LoopConfined
final class Reply {

    /** Who must know what becomes of the client. */
    interface Listener {
        /** The client left before the answer ended. */
        void clientLeft();

        /** The client's connection took bytes and takes more. */
        void writable();
    }

    private static final AsciiString SERVER = AsciiString.cached("uvicorn");

    private final ChannelHandlerContext ctx;
    private final boolean keepAlive;
    private final Fault fault;
    private final String date;
    private final Runnable ended;
    private @Nullable Listener listener;
    private boolean over;

    Reply(ChannelHandlerContext ctx, boolean keepAlive, Fault fault, String date, Runnable ended) {
        this.ctx = ctx;
        this.keepAlive = keepAlive;
        this.fault = fault;
        this.date = date;
        this.ended = ended;
    }

    /** Names who hears of the client from now on. */
    void listener(Listener newListener) {
        listener = newListener;
    }

    /** Where the bytes of events come from. */
    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    /** Runs {@code task} on this loop when other connections had their turn. */
    void later(Runnable task) {
        ctx.executor().execute(task);
    }

    /** True while bytes written now would not pile up. */
    boolean writable() {
        return ctx.channel().isWritable();
    }

    /** A complete answer; {@code extra} are header names and values. */
    void whole(int status, String contentType, byte[] body, String... extra) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (!contentType.isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        for (int i = 0; i + 1 < extra.length; i += 2) {
            response.headers().set(extra[i], extra[i + 1]);
        }
        stamp(response);
        if (fault.trickle()) {
            ctx.write(new DefaultHttpResponse(response.protocolVersion(), response.status(), response.headers()));
            trickle(response.content());
            end(ctx.write(LastHttpContent.EMPTY_LAST_CONTENT));
        } else {
            end(ctx.write(response));
        }
    }

    /** An error in vLLM's shape. */
    void error(EngineError error, String... extra) {
        whole(error.status(), "application/json", Json.bytes(error.json()), extra);
    }

    /** The head of a stream of events; sent at once, as vLLM does before it has a token. */
    void startEvents() {
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        stamp(head);
        ctx.writeAndFlush(head);
    }

    /** One event, which becomes one HTTP chunk; not flushed. Takes the buffer. */
    void event(ByteBuf event) {
        if (over) {
            event.release();
        } else if (fault.trickle()) {
            trickle(event);
        } else {
            ctx.write(new DefaultHttpContent(event));
        }
    }

    void flush() {
        ctx.flush();
    }

    /** Ends a stream of events cleanly. */
    void endEvents() {
        if (!over) {
            end(ctx.write(LastHttpContent.EMPTY_LAST_CONTENT));
        }
    }

    /** Closes the whole connection as it is, without ending the answer. */
    void cut() {
        ctx.flush();
        leave();
        connection().close();
    }

    /** Ends the answer by RST, or by RST_STREAM with {@code error}. */
    void reset(Http2Error error) {
        leave();
        if (ctx.channel() instanceof Http2StreamChannel) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
        }
    }

    /** Told by the front that the connection or stream is gone. */
    void clientLeft() {
        Listener toTell = leave();
        if (toTell != null) {
            toTell.clientLeft();
        }
    }

    /** Told by the front that the connection takes more. */
    void becameWritable() {
        if (listener != null) {
            listener.writable();
        }
    }

    private @Nullable Listener leave() {
        Listener last = listener;
        over = true;
        listener = null;
        return last;
    }

    /** A close waits until the client took everything: closing earlier would drop what it has not read yet. */
    private void end(ChannelFuture lastWrite) {
        leave();
        ctx.flush();
        if (fault.close()) {
            lastWrite.addListener(written -> connection().close());
        } else if (!keepAlive) {
            lastWrite.addListener(ChannelFutureListener.CLOSE);
        }
        ended.run();
    }

    private Channel connection() {
        return ctx.channel() instanceof Http2StreamChannel stream ? stream.parent() : ctx.channel();
    }

    private void trickle(ByteBuf bytes) {
        while (bytes.isReadable()) {
            ctx.writeAndFlush(new DefaultHttpContent(bytes.readRetainedSlice(1)));
        }
        bytes.release();
    }

    private void stamp(HttpResponse response) {
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.DATE, date);
        headers.set(HttpHeaderNames.SERVER, SERVER);
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }
}
