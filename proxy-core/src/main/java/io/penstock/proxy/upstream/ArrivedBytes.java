package io.penstock.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Knows whether anything arrived since a request was sent; the first handler of an HTTP/2 connection's channel but for that of
 * TLS, whose own messages are no answer. The codec behind it does not show half a frame, nor frames of other streams, which
 * prove that the engine is still there. Threading: loop-confined.
 */
@LoopConfined
final class ArrivedBytes extends ChannelInboundHandlerAdapter {

    private long reads;

    void addTo(ChannelPipeline pipeline) {
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            pipeline.addFirst(this);
        } else {
            pipeline.addAfter(tls.name(), null, this);
        }
    }

    /** How many reads brought something so far. */
    long reads() {
        return reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        reads++;
        ctx.fireChannelRead(bytes);
    }
}
