package io.penstock.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Knows whether anything arrived since a request was sent; the first handler of an HTTP/1.1 connection's channel. The codec
 * behind it says nothing of a status line that was cut short, but half a status line is an answer that began: the request
 * must not be sent again. Threading: loop-confined.
 */
@LoopConfined
final class ArrivedBytes extends ChannelInboundHandlerAdapter {

    private boolean any;

    /** From now on. */
    void forget() {
        any = false;
    }

    boolean any() {
        return any;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        any = true;
        ctx.fireChannelRead(bytes);
    }
}
