package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.exchange.Exchange;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ClientOrigin;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.runtime.LoopConfined;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the requests of one HTTP/1.1 client connection into exchanges, one after the other: requests that arrive while one is
 * being answered wait in {@link PipelinedObjects}, so that answers keep their order (RFC 9112, section 9.3.2). The connection is
 * read all the time, because a client that leaves can only be noticed by reading, until too much waits. A client that does not
 * read its answers gets no further ones.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class Http1FrontHandler extends ChannelInboundHandlerAdapter {

    private final ExchangeContext context;
    private final ConnectionEnd end;
    private final Channel channel;
    private final PipelinedObjects pipelined;
    private final DefectLog defects;
    private final ClientOrigin origin;

    private @Nullable Exchange exchange;
    private boolean requestComplete = true;
    private boolean draining;
    private boolean taking;
    private boolean unreadable;

    Http1FrontHandler(ExchangeContext context, Channel channel, PipelinedObjects pipelined, DefectLog defects) {
        this.context = context;
        this.channel = channel;
        this.pipelined = pipelined;
        this.defects = defects;
        this.end = new ConnectionEnd(channel, context.options().idleTimeout(), context.ticker());
        this.origin = Arrivals.originOf(channel);
    }

    /** Earlier than {@code channelActive}, which a channel that is closed while it is set up never sees. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context.observer().clientConnected(ClientProtocol.HTTP1);
        end.idle();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (end.hasBegun() || unreadable) {
            end.stillSending();
            ReferenceCountUtil.release(message);
        } else {
            receive(ctx, (HttpObject) message);
        }
    }

    private void receive(ChannelHandlerContext ctx, HttpObject message) {
        if (taking || isBlocked()) {
            pipelined.add(message);
        } else {
            take(ctx, message);
            takePipelined(ctx);
        }
    }

    /** True while no request may begin: one is being answered, or the client does not read the answers it has. */
    private boolean isBlocked() {
        return requestComplete && (exchange != null || !channel.isWritable());
    }

    private void takePipelined(ChannelHandlerContext ctx) {
        if (taking) {
            return;
        }
        taking = true;
        while (!isBlocked() && !pipelined.isEmpty() && !end.hasBegun()) {
            take(ctx, pipelined.remove());
        }
        taking = false;
    }

    /** Takes what waits, as far as possible, then decodes and reads on. */
    private void proceed(ChannelHandlerContext ctx) {
        takePipelined(ctx);
        try {
            RequestDecoder decoder = ctx.pipeline().get(RequestDecoder.class);
            if (decoder != null) {
                decoder.resume(ctx.pipeline().context(decoder));
            }
        } catch (Exception e) {
            exceptionCaught(ctx, e);
        }
        pipelined.readAgain();
    }

    private void take(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest request) {
            begin(ctx, request);
        }
        if (message instanceof HttpContent content) {
            takeContent(content);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        end.busy();
        requestComplete = false;
        ProxyFailure problem = FramingGuard.problemOf(request);
        boolean keepAlive = problem == null && HttpUtil.isKeepAlive(request);
        var client = new Http1ClientStream(this, ctx, request, keepAlive);
        var begun = new Exchange(context, headOf(request), client);
        exchange = begun;
        if (problem != null) {
            begun.refuse(problem);
            return;
        }
        begun.onBodyAnnounced(HttpUtil.getContentLength(request, 0L));
        if (!begun.isDone() && HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private RequestHead headOf(HttpRequest request) {
        return new RequestHead(
                request.method(),
                request.uri(),
                request.headers(),
                origin,
                RequestIds.of(request.headers()),
                context.ticker().nanos());
    }

    private void takeContent(HttpContent content) {
        Exchange current = exchange;
        if (current == null) {
            content.release();
        } else if (content.decoderResult().isFailure()) {
            content.release();
            current.refuse(FramingGuard.decodeFailure(content.decoderResult().cause()));
        } else {
            current.onBody(content.content());
            if (content instanceof LastHttpContent) {
                requestComplete = true;
                current.onBodyEnd();
            }
        }
    }

    /** True if the connection is closed after the current response. */
    boolean closesAfterResponse() {
        return draining || !requestComplete;
    }

    /** The response is complete and on its way; {@code keepAlive} as its head said. */
    void responseEnded(ChannelHandlerContext ctx, ChannelFuture written, boolean keepAlive) {
        exchange = null;
        if (!keepAlive || closesAfterResponse()) {
            pipelined.release();
            end.afterResponse(written, requestComplete);
        } else {
            written.addListener(done -> {
                if (exchange == null) {
                    end.idle();
                }
            });
            proceed(ctx);
        }
    }

    /** The response could not be completed: what was written goes out, then the connection is closed. */
    void responseCut(boolean endIsMarked) {
        exchange = null;
        pipelined.release();
        end.cut(endIsMarked);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.onClientWritabilityChanged();
        } else if (channel.isWritable() && !end.hasBegun()) {
            proceed(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Draining stage) {
            drain(stage);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void drain(Draining stage) {
        draining = true;
        if (exchange == null && !end.hasBegun()) {
            end.afterWhatWasWritten();
        } else if (exchange != null && stage == Draining.ENDS) {
            exchange.onRouterEnds();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end.over();
        Exchange current = exchange;
        exchange = null;
        pipelined.release();
        if (current != null) {
            current.onClientGone();
        }
        ctx.fireChannelInactive();
    }

    /** The connection is gone, or turned out to speak HTTP/2. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end.over();
        context.observer().clientDisconnected(ClientProtocol.HTTP1);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean broken = cause instanceof IOException || cause.getCause() instanceof SSLException;
        if (cause instanceof DecoderException && !broken) {
            onUnreadable(ctx, cause);
            return;
        }
        if (!broken) {
            defects.closed(channel.remoteAddress(), cause);
        }
        ctx.close();
    }

    /** The decoder gave up: what was asked before is answered, then this is refused in its place. */
    private void onUnreadable(ChannelHandlerContext ctx, Throwable cause) {
        if (end.hasBegun() || unreadable) {
            return;
        }
        unreadable = true;
        if (exchange != null && !requestComplete) {
            exchange.refuse(FramingGuard.decodeFailure(cause));
        } else {
            var refused = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            refused.setDecoderResult(DecoderResult.failure(cause));
            receive(ctx, refused);
        }
    }
}
