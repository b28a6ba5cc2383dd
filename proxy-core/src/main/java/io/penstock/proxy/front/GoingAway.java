package io.penstock.proxy.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The orderly end of one HTTP/2 connection (RFC 9113, section 6.8). The first GOAWAY names no last stream, as requests may be on
 * their way that the client believes accepted; once its answer to a ping shows that it has read that, or after a second, the
 * second GOAWAY names the last stream that is served. The connection closes with the end of the last one. Threading:
 * loop-confined.
 */
@LoopConfined
final class GoingAway {

    private static final long PING = 0x70656e73746f636bL;
    private static final long PING_MILLIS = 1_000;

    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext ctx;

    private @Nullable Future<?> timer;
    private boolean begun;
    private boolean lastStreamSaid;

    GoingAway(Http2ConnectionHandler handler, ChannelHandlerContext ctx) {
        this.handler = handler;
        this.ctx = ctx;
    }

    /** Says that the connection takes no more requests soon. */
    void begin() {
        if (begun || !ctx.channel().isActive()) {
            return;
        }
        begun = true;
        say(Integer.MAX_VALUE);
        handler.encoder().writePing(ctx, false, PING, ctx.newPromise());
        ctx.flush();
        timer = ctx.executor().schedule(this::sayLastStream, PING_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The client answered a ping. */
    void pingAnswered(long data) {
        if (begun && data == PING) {
            sayLastStream();
        }
    }

    /** Takes no more requests from here on. */
    void sayLastStream() {
        if (!lastStreamSaid && ctx.channel().isActive()) {
            lastStreamSaid = true;
            cancelTimer();
            say(handler.connection().remote().lastStreamCreated());
            ctx.flush();
            streamClosed();
        }
    }

    private void say(int lastStream) {
        handler.goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    }

    /** A stream ended. */
    void streamClosed() {
        if (lastStreamSaid && handler.connection().numActiveStreams() == 0) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** The connection is closed. */
    void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
