package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a clear text connection: looks whether it begins with the preface of HTTP/2 (RFC 9113, section 3.3), and
 * is gone after that. The channel is set up for HTTP/1.1 and stays so unless the whole preface comes; a connection that has sent
 * a part of it, and no more, is closed in time. Threading: loop-confined.
 */
@LoopConfined
final class ProtocolDetector extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FrontContext context;

    private @Nullable Future<?> timer;

    ProtocolDetector(FrontContext context) {
        this.context = context;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int seen = Math.min(in.readableBytes(), PREFACE.readableBytes());
        if (!ByteBufUtil.equals(in, in.readerIndex(), PREFACE, PREFACE.readerIndex(), seen)) {
            ctx.pipeline().remove(this);
        } else if (seen == PREFACE.readableBytes()) {
            toHttp2(ctx.pipeline());
        } else if (timer == null) {
            long patience = Math.min(context.options().idleTimeout().toNanos(), LONGEST_WAIT_NANOS);
            timer = ctx.executor().schedule(() -> tooSlow(ctx), patience, TimeUnit.NANOSECONDS);
        }
    }

    private void toHttp2(ChannelPipeline pipeline) {
        ChannelHandler last = pipeline.last();
        while (last != this && last != null) {
            pipeline.removeLast();
            last = pipeline.last();
        }
        Http2Front.install(pipeline, context);
        pipeline.remove(this);
    }

    private void tooSlow(ChannelHandlerContext ctx) {
        context.observer().clientProtocolError(ClientProtocolError.PREFACE_TIMEOUT);
        ctx.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
