package io.penstock.proxy.front;

import io.netty.channel.ChannelFuture;
import io.penstock.proxy.runtime.LoopConfined;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client opens the window of one HTTP/2 stream whose data waits for it. Less than one piece of an answer, a read of the
 * engine, within the whole time is no progress. Threading: loop-confined.
 */
@LoopConfined
final class WindowProgress {

    private final long limitNanos;

    private @Nullable ChannelFuture lastWrite;
    private int window;
    private boolean waiting;
    private long sinceNanos;

    WindowProgress(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** True if data waits, and has waited for too long by now for the same piece and in the same window. */
    boolean isStalled(@Nullable ChannelFuture last, int windowNow, long nowNanos) {
        if (!waiting || last != lastWrite || windowNow != window) {
            waiting = true;
            lastWrite = last;
            window = windowNow;
            sinceNanos = nowNanos;
            return false;
        }
        return nowNanos - sinceNanos >= limitNanos;
    }

    /** No data waits. */
    void none() {
        waiting = false;
    }
}
