package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.penstock.proxy.runtime.LoopConfined;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client reads what waits in a channel for its socket: the first of it must move on. What is added behind it, which
 * the engine may go on to send for a while, is no progress. Threading: loop-confined.
 */
@LoopConfined
final class WriteProgress {

    private final Channel channel;
    private final long limitNanos;

    private @Nullable Object first;
    private long written;
    private long sinceNanos;

    WriteProgress(Channel channel, Duration limit) {
        this.channel = channel;
        this.limitNanos = limit.toNanos();
    }

    /** True while something that was flushed has not gone into the socket. */
    boolean isPending() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && !waiting.isEmpty();
    }

    /** True if the same has waited for too long by now. */
    boolean isStalled(long nowNanos) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        Object now = waiting == null ? null : waiting.current();
        if (waiting == null || now == null) {
            first = null;
            return false;
        }
        if (now != first || waiting.currentProgress() != written) {
            first = now;
            written = waiting.currentProgress();
            sinceNanos = nowNanos;
            return false;
        }
        return nowNanos - sinceNanos >= limitNanos;
    }

    /** Closes the channel with what waits in it, so that the kernel does not keep that either. */
    void giveUp() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }
}
