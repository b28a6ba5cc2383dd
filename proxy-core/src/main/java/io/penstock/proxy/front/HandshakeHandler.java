package io.penstock.proxy.front;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.penstock.proxy.api.ConnectionRefusal;
import io.penstock.proxy.runtime.LoopConfined;
import java.io.IOException;
import javax.net.ssl.SSLException;

/**
 * Waits for the end of the TLS handshake, behind the handler of TLS, and leaves when it is complete. Threading:
 * loop-confined.
 */
@LoopConfined
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

    private final Arrivals arrivals;
    private boolean over;

    HandshakeHandler(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Draining.BEGINS) {
            over = true;
            ctx.close();
        } else if (event instanceof SslHandshakeCompletionEvent handshake && !over) {
            over = true;
            if (handshake.isSuccess()) {
                String protocol = ctx.pipeline().get(SslHandler.class).engine().getApplicationProtocol();
                ctx.pipeline().remove(this);
                arrivals.secured(ctx.channel(), protocol);
            } else {
                failed(ctx, handshake.cause());
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** A client that just leaves, as a balancer's check for an open port does, is no failure. */
    private void failed(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            arrivals.refuse(ctx.channel(), ConnectionRefusal.NOT_TLS, cause);
        } else if (cause instanceof SslHandshakeTimeoutException) {
            arrivals.refuse(ctx.channel(), ConnectionRefusal.TLS_TIMEOUT, cause);
        } else if (cause instanceof IOException && !(cause instanceof SSLException)) {
            ctx.close();
        } else {
            arrivals.refuse(ctx.channel(), ConnectionRefusal.TLS_HANDSHAKE, cause);
        }
    }

    /** Whatever it is, it has failed the handshake, too, and is told by its event. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
