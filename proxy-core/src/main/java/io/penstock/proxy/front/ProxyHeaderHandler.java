package io.penstock.proxy.front;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.ConnectionRefusal;
import io.penstock.proxy.http.Networks;
import io.penstock.proxy.runtime.LoopConfined;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the header of the PROXY protocol, version 1 or 2, behind the decoder for it, and leaves when it came. The decoder
 * leaves next and hands on what follows the header. A {@code LOCAL} or {@code UNKNOWN} connection is the balancer's own, such
 * as its health check, and keeps the balancer's address. Threading: loop-confined.
 */
@LoopConfined
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {

    private final Arrivals arrivals;
    private @Nullable Future<?> deadline;
    private boolean over;

    ProxyHeaderHandler(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        long nanos = arrivals.options().proxyHeaderTimeout().toNanos();
        deadline = ctx.executor()
                .schedule(
                        () -> refuse(ctx, ConnectionRefusal.PROXY_TIMEOUT, new TimeoutException("no PROXY header")),
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!over && message instanceof HAProxyMessage header) {
            announce(ctx, header);
            header.release();
            end();
            ctx.pipeline().remove(this);
            arrivals.greeted(ctx.channel());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void announce(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (header.command() != HAProxyCommand.PROXY || header.sourceAddress() == null) {
            return;
        }
        InetAddress ip = Networks.address(header.sourceAddress());
        if (ip != null) {
            arrivals.announced(ctx.channel(), new InetSocketAddress(ip, header.sourcePort()));
        }
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ConnectionRefusal why, Throwable cause) {
        if (!over) {
            end();
            arrivals.refuse(ctx.channel(), why, cause);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Draining.BEGINS) {
            end();
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            end();
            ctx.close();
        } else {
            refuse(ctx, ConnectionRefusal.PROXY_HEADER, cause);
        }
    }
}
