package io.penstock.proxy.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When and how a client connection is closed: after too long without a request, or after its last response. A client that is
 * still sending is given a moment to read the answer: our side is closed, what it sends is thrown away, and only then the
 * socket goes, as closing it with unread input would reset the connection and destroy the answer on its way (RFC 9112, section
 * 9.6). Threading: loop-confined.
 */
@LoopConfined
final class ConnectionEnd {

    private static final long LINGER_MILLIS = 1_000;
    private static final int LONGEST_LINGER = 30;

    private final Channel channel;
    private final long idleNanos;
    private final Ticker ticker;

    private @Nullable Future<?> idleTimer;
    private @Nullable Future<?> lingering;
    private boolean stillSending;
    private boolean idle;
    private boolean begun;
    private long idleSinceNanos;

    ConnectionEnd(Channel channel, Duration idleTimeout, Ticker ticker) {
        this.channel = channel;
        this.idleNanos = idleTimeout.toNanos();
        this.ticker = ticker;
    }

    /** True once the last response was written: whatever else the client sends is thrown away. */
    boolean hasBegun() {
        return begun;
    }

    /** No request is being served. The timer is left running over requests and looks when it fires. */
    void idle() {
        idle = true;
        idleSinceNanos = ticker.nanos();
        if (idleTimer == null) {
            arm(idleNanos);
        }
    }

    /** A request is being served. */
    void busy() {
        idle = false;
    }

    private void arm(long nanos) {
        idleTimer = channel.eventLoop().schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        idleTimer = null;
        if (idle) {
            long rest = idleNanos - (ticker.nanos() - idleSinceNanos);
            if (rest <= 0) {
                channel.close();
            } else {
                arm(rest);
            }
        }
    }

    /** The last response is on its way. */
    void afterResponse(ChannelFuture written, boolean requestComplete) {
        begun = true;
        if (requestComplete) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.config().setAutoRead(true);
            written.addListener(done -> linger());
        }
    }

    /** No request is being served and none will be: closes once what was written before has reached the socket. */
    void afterWhatWasWritten() {
        begun = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void linger() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof SocketChannel socket && socket.isActive()) {
            socket.shutdownOutput();
        }
        closeLater(LONGEST_LINGER);
    }

    /** The client sent something that is thrown away. */
    void stillSending() {
        stillSending = true;
    }

    private void closeLater(int rounds) {
        stillSending = false;
        lingering = channel.eventLoop()
                .schedule(() -> closeUnlessSending(rounds - 1), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A client in the midst of a long upload looks for an answer only when it is through, or when it cannot write on. */
    private void closeUnlessSending(int roundsLeft) {
        if (stillSending && roundsLeft > 0) {
            closeLater(roundsLeft);
        } else {
            channel.close();
        }
    }

    /**
     * The response cannot be completed: what was written goes out, if the client reads it soon, then the connection is closed.
     * Where only the close would mark the response's end, it is reset.
     */
    void cut(boolean endIsMarked) {
        if (endIsMarked) {
            afterWhatWasWritten();
        } else {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            begun = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> closeWithoutNotice());
        }
        closeLater(1);
    }

    /** Past the handler of TLS, whose notice of an orderly end would be taken for the response's (RFC 9112, section 9.8). */
    private void closeWithoutNotice() {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null) {
            first.close();
        }
    }

    /** The connection is closed. */
    void over() {
        begun = true;
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        if (lingering != null) {
            lingering.cancel(false);
        }
    }
}
