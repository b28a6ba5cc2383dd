package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One HTTP/2 connection to an engine, shared by as many requests as the engine's SETTINGS and our own limit allow; the last
 * handler of its parent channel. A GOAWAY retires it: running streams finish, those the engine did not take are reported as
 * not sent. So does a request that is given up while nothing at all arrived: the engine may be gone without a word, and would
 * swallow all that follows until TCP notices.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class Http2Connection extends ChannelInboundHandlerAdapter implements UpstreamConnection {

    private final Channel channel;
    private final EnginePool pool;
    private final Promise<Http2Connection> started;
    private final ArrivedBytes arrived = new ArrivedBytes();
    private final int ownLimit;

    private int running;
    private int peerLimit;
    private boolean retired;
    private boolean gone;
    private boolean servedBefore;
    private long idleSinceNanos;

    private Http2Connection(Channel channel, EnginePool pool) {
        this.channel = channel;
        this.pool = pool;
        this.started = channel.eventLoop().newPromise();
        this.ownLimit = Math.min(pool.options().maxStreamsPerConnection(), Http2Initializer.MAX_STREAMS);
        this.idleSinceNanos = pool.nanos();
    }

    /**
     * Waits for the engine's SETTINGS, which prove that it speaks HTTP/2. The future fails, and the channel is closed, when
     * something else comes, the engine closes, or nothing comes in time.
     */
    static Future<Http2Connection> start(Channel channel, EnginePool pool, Duration timeout) {
        var connection = new Http2Connection(channel, pool);
        connection.arrived.addTo(channel.pipeline());
        channel.pipeline().addLast(connection);
        var timer = channel.eventLoop()
                .schedule(
                        () -> connection.notHttp2(new TimeoutException("no HTTP/2 SETTINGS in time")),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        connection.started.addListener(done -> timer.cancel(false));
        return connection.started;
    }

    Channel channel() {
        return channel;
    }

    AsciiString scheme() {
        return (pool.endpoint().tls() == null ? HttpScheme.HTTP : HttpScheme.HTTPS).name();
    }

    @Override
    public int freeStreams() {
        boolean usable = !retired && started.isSuccess() && channel.isActive();
        return usable ? Math.max(0, Math.min(peerLimit, ownLimit) - running) : 0;
    }

    @Override
    public boolean isIdle() {
        return running == 0;
    }

    @Override
    public long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void retire() {
        retired = true;
        pool.unusable(this);
        if (running == 0) {
            channel.close();
        }
    }

    @Override
    public UpstreamStream send(UpstreamRequest request, ResponseSink sink) {
        Loops.assertIn(channel.eventLoop());
        assert freeStreams() > 0;
        if (running++ == 0) {
            pool.observer().upstreamIdleEnded(pool.endpoint());
        }
        var stream = new Http2Stream(this, sink, servedBefore, arrived.reads());
        stream.open(request);
        return stream;
    }

    /** Called by a stream that was given up, with how many reads there had been when it was sent. */
    void streamCancelled(long readsBefore) {
        if (arrived.reads() == readsBefore) {
            retire();
        }
    }

    /** Called once by each stream when its channel is closed. */
    void streamClosed() {
        servedBefore = true;
        if (--running == 0 && !gone) {
            idleSinceNanos = pool.nanos();
            pool.observer().upstreamIdle(pool.endpoint());
        }
        if (retired) {
            retire();
        } else {
            pool.usable(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2SettingsFrame settings) {
            Long limit = settings.settings().maxConcurrentStreams();
            if (limit != null || !started.isDone()) {
                peerLimit = limit == null ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
            }
            settingsReceived();
        } else if (frame instanceof Http2GoAwayFrame) {
            retire();
        }
        ReferenceCountUtil.release(frame);
    }

    private void settingsReceived() {
        if (started.trySuccess(this)) {
            widenConnectionWindow();
        } else if (started.isSuccess()) {
            pool.usable(this);
        }
    }

    /** Makes room for every stream's full window: stalled ones, however many, never starve the others (RFC 9113, section 5.2). */
    private void widenConnectionWindow() {
        var codec = channel.pipeline().get(Http2FrameCodec.class);
        try {
            var connection = codec.connection();
            var flow = connection.local().flowController();
            var whole = connection.connectionStream();
            flow.incrementWindowSize(whole, Http2Initializer.STREAM_WINDOW * ownLimit - flow.windowSize(whole));
            channel.flush();
        } catch (Http2Exception e) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (started.isSuccess()) {
            retired = true;
            gone = true;
            if (running == 0) {
                pool.observer().upstreamIdleEnded(pool.endpoint());
            }
            pool.closed(this);
        } else {
            notHttp2(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        retired = true;
        notHttp2(cause);
        ctx.close();
    }

    private void notHttp2(Throwable cause) {
        if (started.tryFailure(cause)) {
            channel.close();
        }
    }
}
