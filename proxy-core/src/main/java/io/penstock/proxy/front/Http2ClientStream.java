package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.exchange.ClientStream;
import io.penstock.proxy.exchange.Exchange;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on an HTTP/2 connection: what the client sends goes to its exchange, what the exchange writes
 * goes into frames. It is writable while the client's windows and the socket take more, so that at most one read of the engine
 * waits here for a client that does not. Threading: loop-confined.
 */
@LoopConfined
final class Http2ClientStream implements ClientStream {

    /** How long a cut waits for the client to take what was written before it. */
    private static final long LAST_WORDS_MILLIS = 1_000;

    /** How much later than the last words a cut comes: some clients forget at a reset what they have not read yet. */
    private static final long AFTER_LAST_WORDS_MILLIS = 100;

    private final Http2FrontHandler front;
    private final Http2Stream stream;
    private final boolean answersHead;
    private final WindowProgress window;

    private @Nullable Exchange exchange;
    private @Nullable HttpResponse heldHead;
    private @Nullable ChannelFuture lastWrite;
    private @Nullable ChannelFuture awaited;
    private @Nullable Future<?> cutTimer;
    private boolean answered;
    private boolean closed;

    Http2ClientStream(Http2FrontHandler front, Http2Stream stream, boolean answersHead) {
        this.front = front;
        this.stream = stream;
        this.answersHead = answersHead;
        this.window = new WindowProgress(front.limits().writeTimeout());
    }

    /** Called once, before anything else. */
    void serves(Exchange begun) {
        exchange = begun;
    }

    /** A piece of the request's body, taken over. */
    void received(ByteBuf piece) {
        if (exchange == null || closed) {
            piece.release();
        } else {
            exchange.onBody(piece);
        }
    }

    /** The request is complete. */
    void requestEnded() {
        if (exchange != null && !closed) {
            exchange.onBodyEnd();
        }
    }

    /** Acts if the client is too slow by now; true while something is awaited from it. */
    boolean look(long nowNanos) {
        boolean body = exchange != null && !closed && exchange.awaitsBody(nowNanos);
        if (closed || !front.isUnsent(stream)) {
            window.none();
            return body;
        }
        if (window.isStalled(lastWrite, front.window(stream), nowNanos)) {
            front.streamStalled();
            stalled();
            reset(Http2Error.CANCEL);
            return false;
        }
        return true;
    }

    /** The client reads nothing of the answer. */
    void stalled() {
        if (exchange != null && !answered) {
            answered = true;
            exchange.onClientLost(FailureKind.CLIENT_STALLED);
        }
    }

    /** The router ends. */
    void routerEnds() {
        if (exchange != null && !closed && !answered) {
            exchange.onRouterEnds();
        }
    }

    /** The windows or the socket have room again. */
    void writableAgain() {
        if (exchange != null && !closed) {
            exchange.onClientWritabilityChanged();
        }
    }

    /** The stream is closed: after its answer, or by a reset, or with the connection. */
    void closed() {
        closed = true;
        heldHead = null;
        if (cutTimer != null) {
            cutTimer.cancel(false);
        }
        if (!answered && exchange != null) {
            exchange.onClientLost(FailureKind.CLIENT_GONE);
        }
    }

    @Override
    public EventLoop loop() {
        return front.channel().eventLoop();
    }

    @Override
    public ClientProtocol protocol() {
        return ClientProtocol.HTTP2;
    }

    @Override
    public ByteBufAllocator allocator() {
        return front.channel().alloc();
    }

    /** A head that no body follows waits for the end, which goes into the same frame. */
    @Override
    public void writeHead(HttpResponse head) {
        int code = head.status().code();
        if (answersHead || code == 204 || code == 304) {
            heldHead = head;
        } else if (!closed) {
            front.writeHeaders(stream, Http2Messages.head(head), false);
        }
    }

    @Override
    public void writeContent(ByteBuf content) {
        if (closed || heldHead != null) {
            content.release();
        } else {
            lastWrite = front.writeData(stream, content, false);
        }
    }

    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void writeChunks(ByteBuf framed) {
        framed.release();
        throw new IllegalStateException("HTTP/2 has no chunked coding");
    }

    @Override
    public void flush() {
        front.flushSoon();
    }

    @Override
    public void end(HttpHeaders trailers) {
        answered = true;
        if (!closed) {
            ChannelFuture written = writeEnd(trailers);
            if (stream.state().remoteSideOpen()) {
                // all is said: the rest of the request would be in vain (RFC 9113, section 8.1)
                written.addListener(done -> reset(Http2Error.NO_ERROR));
            }
            isWritable();
            front.flushSoon();
        }
    }

    private ChannelFuture writeEnd(HttpHeaders trailers) {
        if (heldHead != null) {
            return front.writeHeaders(stream, Http2Messages.head(heldHead), true);
        }
        if (trailers.isEmpty()) {
            return front.writeData(stream, Unpooled.EMPTY_BUFFER, true);
        }
        return front.writeHeaders(stream, Http2Messages.trailers(trailers), true);
    }

    @Override
    public void cut() {
        answered = true;
        if (closed) {
            return;
        }
        ChannelFuture last = lastWrite;
        if (last == null) {
            reset(Http2Error.INTERNAL_ERROR);
        } else {
            cutIn(LAST_WORDS_MILLIS);
            last.addListener(done -> cutIn(AFTER_LAST_WORDS_MILLIS));
        }
        front.flushSoon();
    }

    private void cutIn(long millis) {
        if (closed) {
            return;
        }
        if (cutTimer != null) {
            cutTimer.cancel(false);
        }
        cutTimer = loop().schedule(() -> reset(Http2Error.INTERNAL_ERROR), millis, TimeUnit.MILLISECONDS);
    }

    private void reset(Http2Error error) {
        if (!closed) {
            front.reset(stream, error);
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = closed || heldHead != null || front.isWritable(stream);
        if (!writable) {
            front.streamAwaits();
            awaitLastWrite();
        }
        return writable;
    }

    /** A window that takes what waits and not a byte more is none that the flow controller tells of. */
    private void awaitLastWrite() {
        ChannelFuture last = lastWrite;
        if (last != null && last != awaited) {
            awaited = last;
            last.addListener(written -> writableAgain());
        }
    }
}
