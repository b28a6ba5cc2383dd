package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.penstock.proxy.exchange.Exchange;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ClientOrigin;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Turns the streams of one HTTP/2 connection into exchanges. A piece of a request's body gives its window back when it arrives:
 * the exchange keeps it, up to the limit for bodies. Threading: loop-confined.
 */
@LoopConfined
final class Http2Requests extends Http2EventAdapter {

    private final Http2FrontHandler front;
    private final ExchangeContext context;
    private final ClientOrigin origin;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey client;
    private final ArrayDeque<Http2ClientStream> writableAgain = new ArrayDeque<>();

    Http2Requests(Http2FrontHandler front, ExchangeContext context, ClientOrigin origin) {
        this.front = front;
        this.context = context;
        this.origin = origin;
        this.connection = front.connection();
        this.client = connection.newKey();
        connection.addListener(this);
        connection.remote().flowController().listener(this::onWritabilityChanged);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers fields, int padding, boolean endOfStream)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        Http2ClientStream known = of(stream);
        if (known == null) {
            begin(stream, Http2RequestReader.of(streamId, fields), endOfStream);
        } else {
            Http2RequestReader.checkTrailers(streamId, fields);
            known.requestEnded();
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers fields,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, fields, padding, endOfStream);
    }

    private void begin(Http2Stream stream, Http2RequestReader request, boolean endOfStream) {
        ProxyFailure problem = request.problem();
        RequestHead head = headOf(request);
        var begun = new Http2ClientStream(front, stream, head.method().equals(HttpMethod.HEAD));
        var exchange = new Exchange(context, head, begun);
        begun.serves(exchange);
        stream.setProperty(client, begun);
        if (problem != null) {
            exchange.refuse(problem);
            return;
        }
        exchange.onBodyAnnounced(request.contentLength());
        if (exchange.isDone()) {
            return;
        }
        if (endOfStream) {
            exchange.onBodyEnd();
        } else if (head.headers().contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)) {
            front.writeHeaders(
                    stream, new DefaultHttp2Headers(false).status(HttpResponseStatus.CONTINUE.codeAsText()), false);
            front.flushSoon();
        }
    }

    private RequestHead headOf(Http2RequestReader request) {
        var headers = request.headers();
        return new RequestHead(
                request.method(),
                request.uri(),
                headers,
                origin,
                RequestIds.of(headers),
                context.ticker().nanos());
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
        int arrived = data.readableBytes() + padding;
        Http2ClientStream known = of(connection.stream(streamId));
        if (known != null) {
            known.received(data.retain());
            if (endOfStream) {
                known.requestEnded();
            }
        }
        return arrived;
    }

    /** The router ends: what runs is told. */
    void onRouterEnds() throws Http2Exception {
        connection.forEachActiveStream(stream -> {
            Http2ClientStream known = of(stream);
            if (known != null) {
                known.routerEnds();
            }
            return true;
        });
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        front.pingAnswered(data);
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
        front.streamOpened();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Http2ClientStream known = stream.removeProperty(client);
        if (known != null) {
            known.closed();
        }
        front.streamClosed();
    }

    private @Nullable Http2ClientStream of(Http2Stream stream) {
        return stream.getProperty(client);
    }

    /** Told in the midst of writing and of reading frames, where an engine must not begin to send: that comes after. */
    private void onWritabilityChanged(Http2Stream stream) {
        Http2ClientStream known = of(stream);
        if (known != null && front.isWritable(stream)) {
            if (writableAgain.isEmpty()) {
                front.channel().eventLoop().execute(this::tellWritable);
            }
            writableAgain.add(known);
        }
    }

    private void tellWritable() {
        for (int rest = writableAgain.size(); rest > 0; rest--) {
            writableAgain.remove().writableAgain();
        }
        if (!writableAgain.isEmpty()) {
            front.channel().eventLoop().execute(this::tellWritable);
        }
    }
}
