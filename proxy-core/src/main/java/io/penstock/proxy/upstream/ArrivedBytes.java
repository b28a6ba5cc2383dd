package io.penstock.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Knows whether anything arrived since a request was sent; the first handler of a
 * connection's channel but for that of TLS, whose own messages are no answer. The codec behind it
 * says nothing of a status line that was cut short, but half a status line is an answer that began: the request must not be
 * sent again. Nor does it show frames of other streams, which prove that the engine is still there. Threading: loop-confined.
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
