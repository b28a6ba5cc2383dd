package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All that a connection beyond the limits gets: at the first byte of the client an answer, by which HTTP version it begins with,
 * and the end. A client that sends nothing is not answered. It stands behind a {@link ResponseEncoder}, and nothing is decoded.
 * Threading: loop-confined.
 */
@LoopConfined
final class RefusedClient extends ChannelInboundHandlerAdapter {

    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final int RETRY_AFTER_SECONDS = 1;

    private final ConnectionEnd end;
    private final String why;

    private @Nullable Future<?> timer;

    RefusedClient(ClientLimit limit, ConnectionEnd end) {
        this.end = end;
        this.why = limit == ClientLimit.CONNECTIONS
                ? "the router has as many client connections as it may have"
                : "this address has as many connections as it may have";
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> ctx.close(), WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (end.hasBegun()) {
            end.stillSending();
        } else if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            cancelTimer();
            end.afterResponse(isHttp2(bytes) ? goAway(ctx) : unavailable(ctx), false);
        }
        ReferenceCountUtil.release(message);
    }

    /** Two bytes tell enough: no method that an engine answers begins with {@code PR}. */
    private static boolean isHttp2(ByteBuf bytes) {
        int seen = Math.min(2, bytes.readableBytes());
        return bytes.toString(bytes.readerIndex(), seen, StandardCharsets.US_ASCII)
                .equals("PR");
    }

    private ChannelFuture unavailable(ChannelHandlerContext ctx) {
        var failure = ProxyFailure.of(FailureKind.TOO_MANY_CONNECTIONS, why).retryAfter(RETRY_AFTER_SECONDS);
        ByteBuf text = FailureResponse.body(failure, "");
        HttpResponse head = FailureResponse.head(failure, text.readableBytes());
        head.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(ProxyHeaders.X_REQUEST_ID, RequestIds.of(EmptyHttpHeaders.INSTANCE));
        ctx.write(head);
        return ctx.writeAndFlush(new DefaultLastHttpContent(text));
    }

    /** SETTINGS, which come first whatever follows, and the end (RFC 9113, sections 3.4 and 6.8). */
    private ChannelFuture goAway(ChannelHandlerContext ctx) {
        byte[] text = why.getBytes(StandardCharsets.US_ASCII);
        ByteBuf frames = Unpooled.buffer();
        Http2CodecUtil.writeFrameHeader(frames, 0, Http2FrameTypes.SETTINGS, new Http2Flags(), 0);
        Http2CodecUtil.writeFrameHeader(frames, 8 + text.length, Http2FrameTypes.GO_AWAY, new Http2Flags(), 0);
        frames.writeInt(0).writeInt((int) Http2Error.ENHANCE_YOUR_CALM.code()).writeBytes(text);
        var encoding = Objects.requireNonNull(ctx.pipeline().context(ResponseEncoder.class));
        return encoding.writeAndFlush(frames);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelTimer();
        end.over();
        ctx.fireChannelInactive();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Draining) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
