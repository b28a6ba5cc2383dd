package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.runtime.LoopConfined;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 client connection: Netty's connection handler, with our rules for errors and for the end. What its streams write is
 * flushed together, once the event loop has done what it was at. Threading: loop-confined.
 */
@LoopConfined
final class Http2FrontHandler extends Http2ConnectionHandler {

    private static final Logger log = LoggerFactory.getLogger(Http2FrontHandler.class);

    private final ExchangeContext context;
    private final RecentResets resets;
    private final Http2Errors errors;

    private @Nullable Http2Requests requests;
    private @Nullable ChannelHandlerContext self;
    private @Nullable ConnectionEnd end;
    private @Nullable GoingAway goingAway;
    private @Nullable Http2Pace pace;
    private boolean flushPending;
    private int streams;
    private boolean broken;

    Http2FrontHandler(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            FloodGuard floods,
            RecentResets resets,
            ExchangeContext context) {
        super(decoder, encoder, settings);
        this.context = context;
        this.errors = new Http2Errors(this, floods, resets, context);
        this.resets = resets;
        gracefulShutdownTimeoutMillis(0);
    }

    /** What turns this connection's streams into exchanges; told once, before the handler is added. */
    void serves(Http2Requests streams) {
        requests = streams;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        self = ctx;
        goingAway = new GoingAway(this, ctx);
        pace = new Http2Pace(this, Objects.requireNonNull(requests), ctx.channel(), context);
        end = new ConnectionEnd(ctx.channel(), context.options().idleTimeout(), context.ticker());
        context.observer().clientConnected(ClientProtocol.HTTP2);
        super.handlerAdded(ctx);
        end.idle();
        var flow = connection().local().flowController();
        var whole = connection().connectionStream();
        flow.incrementWindowSize(whole, Http2Front.CONNECTION_WINDOW - flow.windowSize(whole));
        ctx.flush();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        end().over();
        goingAway().cancelTimer();
        pace().over();
        super.handlerRemoved0(ctx);
        context.observer().clientDisconnected(ClientProtocol.HTTP2);
    }

    private ChannelHandlerContext self() {
        return Objects.requireNonNull(self);
    }

    private ConnectionEnd end() {
        return Objects.requireNonNull(end);
    }

    private GoingAway goingAway() {
        return Objects.requireNonNull(goingAway);
    }

    private Http2Pace pace() {
        return Objects.requireNonNull(pace);
    }

    ClientLimits limits() {
        return context.options().limits();
    }

    Channel channel() {
        return self().channel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof Draining stage) {
            goingAway().begin();
            if (stage == Draining.ENDS) {
                Objects.requireNonNull(requests).onRouterEnds();
                goingAway().sayLastStream();
            }
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    void pingAnswered(long data) {
        goingAway().pingAnswered(data);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
        if (bytes instanceof ByteBuf received) {
            pace().tracker().received(received);
        }
        super.channelRead(ctx, bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        if (!broken) {
            pace().readComplete();
        }
    }

    /** A header section stayed incomplete. */
    void headIsLate() {
        onError(self(), false, new FloodException(ClientProtocolError.HEADER_TIMEOUT));
    }

    /** The client left the window of a stream closed. */
    void streamStalled() {
        context.observer().clientLimited(ClientLimit.WRITE_TIMEOUT);
    }

    /** Something is awaited from the client on a stream. */
    void streamAwaits() {
        pace().streamAwaits();
    }

    void streamOpened() {
        end().busy();
        streams++;
        if (streams == limits().maxRequestsPerConnection()) {
            context.observer().clientLimited(ClientLimit.REQUESTS_PER_CONNECTION);
            channel().eventLoop().execute(goingAway()::begin);
        }
    }

    void streamClosed() {
        if (connection().numActiveStreams() == 0) {
            end().idle();
            goingAway().streamClosed();
        }
    }

    ChannelFuture writeHeaders(Http2Stream stream, Http2Headers fields, boolean endOfStream) {
        return encoder().writeHeaders(self(), stream.id(), fields, 0, endOfStream, self().newPromise());
    }

    ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean endOfStream) {
        return encoder().writeData(self(), stream.id(), data, 0, endOfStream, self().newPromise());
    }

    void reset(Http2Stream stream, Http2Error error) {
        resets.add(stream.id());
        resetStream(self(), stream.id(), error.code(), self().newPromise());
        flushSoon();
    }

    /** With a window that is used up, but nothing that waits for more of it, what comes next may be the end, which needs none. */
    boolean isWritable(Http2Stream stream) {
        return connection().remote().flowController().isWritable(stream)
                || (channel().isWritable() && !isUnsent(stream));
    }

    /** True while data of the stream waits for the client's windows. */
    boolean isUnsent(Http2Stream stream) {
        return connection().remote().flowController().hasFlowControlled(stream);
    }

    /** How much the client takes on the stream. */
    int window(Http2Stream stream) {
        return connection().remote().flowController().windowSize(stream);
    }

    /** Flushes after whatever the event loop has at hand: streams whose engines sent at the same time share a write. */
    void flushSoon() {
        if (!flushPending) {
            flushPending = true;
            channel().eventLoop().execute(this::flushNow);
        }
    }

    private void flushNow() {
        flushPending = false;
        flush(self());
        pace().flushed();
    }

    /** After an error of the connection nothing that arrives before it is closed is looked at. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(ctx, in, out);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (errors.isHandled(ctx, outbound, error)) {
            flushSoon();
        } else {
            super.onStreamError(ctx, outbound, cause, error);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        broken = true;
        if (error == null) {
            log.error("client connection {}: closed on a defect", ctx.channel().remoteAddress(), cause);
        } else {
            errors.connectionEnds(error, outbound);
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            ctx.close();
        } else {
            onError(ctx, false, cause);
        }
    }
}
