package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.penstock.proxy.exchange.ClientStream;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.Objects;

/**
 * The response side of one exchange on an HTTP/1.1 connection: adds framing and connection headers, and tells the
 * {@link Http1FrontHandler} when the response is over. Threading: loop-confined.
 */
@LoopConfined
final class Http1ClientStream implements ClientStream {

    private final Http1FrontHandler front;
    private final ChannelHandlerContext ctx;
    private final ChannelHandlerContext encoding;
    private final boolean http10;
    private final boolean answersHead;

    private boolean keepAlive;
    private boolean chunked;
    private boolean endIsMarked = true;

    Http1ClientStream(Http1FrontHandler front, ChannelHandlerContext ctx, HttpRequest request, boolean keepAlive) {
        this.front = front;
        this.ctx = ctx;
        this.encoding = Objects.requireNonNull(ctx.pipeline().context(ResponseEncoder.class));
        this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        this.answersHead = request.method().equals(HttpMethod.HEAD);
        this.keepAlive = keepAlive;
    }

    @Override
    public EventLoop loop() {
        return ctx.channel().eventLoop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return ctx.alloc();
    }

    @Override
    public void writeHead(HttpResponse head) {
        HttpHeaders headers = head.headers();
        keepAlive &= !front.closesAfterResponse();
        if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH) && !hasNoBody(head.status())) {
            if (http10) {
                keepAlive = false;
                endIsMarked = false;
            } else {
                chunked = !answersHead;
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        ((ResponseEncoder) encoding.handler()).answersHead(answersHead);
        ctx.write(head, ctx.voidPromise());
    }

    private static boolean hasNoBody(HttpResponseStatus status) {
        return status.code() == 204 || status.code() == 205 || status.code() == 304;
    }

    @Override
    public void writeContent(ByteBuf content) {
        ctx.write(new DefaultHttpContent(content), ctx.voidPromise());
    }

    @Override
    public boolean takesChunks() {
        return chunked;
    }

    @Override
    public void writeChunks(ByteBuf framed) {
        // past the encoder, which would only take the same framing apart and put it together again
        encoding.write(framed, ctx.voidPromise());
    }

    @Override
    public void flush() {
        ctx.flush();
    }

    @Override
    public void end(HttpHeaders trailers) {
        LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
        if (!trailers.isEmpty()) {
            last = new DefaultLastHttpContent();
            last.trailingHeaders().add(trailers);
        }
        front.responseEnded(ctx, ctx.writeAndFlush(last), keepAlive);
    }

    @Override
    public void cut() {
        front.responseCut(endIsMarked);
    }

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }
}
