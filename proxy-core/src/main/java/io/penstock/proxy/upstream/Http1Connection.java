package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an engine, one request at a time; the last handler of its channel, behind the codec. It goes
 * back to its pool only when the request was fully written, the response fully read with nothing behind it, and neither side
 * asked to close (RFC 9112, section 9.3); otherwise it is closed.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class Http1Connection extends ChannelInboundHandlerAdapter implements UpstreamConnection {

    private final Channel channel;
    private final EngineResponseDecoder decoder;
    private final EnginePool pool;

    private @Nullable Http1Stream running;
    private long readsBefore;
    private boolean answered;
    private boolean pooled;
    private boolean retired;
    private boolean settling;
    private long idleSinceNanos;

    Http1Connection(Channel channel, EngineResponseDecoder decoder, EnginePool pool) {
        this.channel = channel;
        this.decoder = decoder;
        this.pool = pool;
        this.idleSinceNanos = pool.nanos();
    }

    Channel channel() {
        return channel;
    }

    @Override
    public int freeStreams() {
        return running == null && !retired && channel.isActive() ? 1 : 0;
    }

    @Override
    public boolean isIdle() {
        return running == null;
    }

    /** True when a response was read on it before, or it lay idle in the pool: the engine may have closed it since. */
    boolean isReused() {
        return answered || pooled;
    }

    /** Called by the pool when it lays this connection by without a request. */
    void pooled() {
        pooled = true;
    }

    /** True when a byte arrived since the running request was sent. */
    boolean answerBegan() {
        return decoder.reads() != readsBefore;
    }

    @Override
    public long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void retire() {
        retired = true;
        if (running == null) {
            pool.unusable(this);
            channel.close();
        }
    }

    @Override
    public UpstreamStream send(UpstreamRequest request, ResponseSink sink) {
        Loops.assertIn(channel.eventLoop());
        assert freeStreams() == 1;
        var stream = new Http1Stream(this, sink);
        running = stream;
        readsBefore = decoder.reads();
        pool.observer().upstreamIdleEnded(pool.endpoint());
        decoder.expectAnswerToHead(request.method().equals(HttpMethod.HEAD));
        stream.write(request);
        return stream;
    }

    /** Called by the running stream when its response is complete. */
    void ended(boolean reusable) {
        running = null;
        answered = true;
        idleSinceNanos = pool.nanos();
        channel.config().setAutoRead(true);
        pool.observer().upstreamIdle(pool.endpoint());
        if (reusable && freeStreams() == 1) {
            // not before all that was read is looked at: a second answer must not be taken for the next request's
            settling = true;
        } else {
            retire();
        }
    }

    /** Called by the running stream when it failed before the engine ever answered on this connection. */
    void doubtProtocol() {
        if (!answered) {
            pool.doubtProtocol();
        }
    }

    /** Called by the running stream when it failed or was cancelled. */
    void close() {
        if (running != null) {
            running = null;
            pool.observer().upstreamIdle(pool.endpoint());
        }
        retire();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Http1Stream stream = running;
        if (stream == null) {
            // bytes nobody asked for: the next answer on this connection could not be trusted
            ReferenceCountUtil.release(message instanceof WholeChunks chunks ? chunks.framed() : message);
            close();
        } else if (message instanceof WholeChunks chunks) {
            stream.onChunks(chunks);
        } else {
            stream.onMessage((HttpObject) message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (running != null) {
            running.onReadComplete();
        } else if (settling) {
            settling = false;
            settle();
        } else if (answerBegan()) {
            retire();
        }
    }

    /** A second answer, or the beginning of one, must not be taken for the answer to the next request. */
    private void settle() {
        readsBefore = decoder.reads();
        if (!decoder.isEmpty()) {
            retire();
        } else if (freeStreams() == 1) {
            pool.usable(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Http1Stream stream = running;
        close();
        pool.observer().upstreamIdleEnded(pool.endpoint());
        pool.closed(this);
        if (stream != null) {
            stream.fail(
                    FailureKind.ENGINE_RESET, "the engine closed the connection before its answer was complete", null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Http1Stream stream = running;
        close();
        if (stream != null) {
            stream.fail(FailureKind.ENGINE_RESET, "the engine broke the connection off", cause);
        }
    }
}
