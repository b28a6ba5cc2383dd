package io.penstock.proxy.exchange;

import io.netty.channel.EventLoop;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices an engine that falls silent, before its first token or between two. A chunk costs one reading of the clock: the
 * timer is not set anew for it but, when it fires, looks at how long the silence really was. While the client does not read,
 * silence is not the engine's and does not count. Threading: loop-confined.
 */
@LoopConfined
final class SilenceTimer {

    /** What to do when the engine was silent for too long. */
    @FunctionalInterface
    interface Listener {
        void onSilence(FailureKind kind, String text);
    }

    private final EventLoop loop;
    private final Ticker ticker;
    private final RouteTimeouts timeouts;
    private final Listener listener;

    private @Nullable Future<?> timer;
    private boolean firstTokenSeen;
    private boolean paused;
    private long lastByteNanos;

    SilenceTimer(EventLoop loop, Ticker ticker, RouteTimeouts timeouts, Listener listener) {
        this.loop = loop;
        this.ticker = ticker;
        this.timeouts = timeouts;
        this.listener = listener;
    }

    /** The request was sent. */
    void awaitFirstToken() {
        stop();
        lastByteNanos = ticker.nanos();
        arm(timeouts.firstToken().toNanos());
    }

    /** A piece of the body arrived; returns the time it did. */
    long broken() {
        lastByteNanos = ticker.nanos();
        if (!firstTokenSeen) {
            firstTokenSeen = true;
            arm(timeouts.betweenTokens().toNanos());
        }
        return lastByteNanos;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        lastByteNanos = ticker.nanos();
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private Duration limit() {
        return firstTokenSeen ? timeouts.betweenTokens() : timeouts.firstToken();
    }

    private void arm(long nanos) {
        stop();
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        timer = null;
        long limit = limit().toNanos();
        long silent = paused ? 0 : ticker.nanos() - lastByteNanos;
        if (silent < limit) {
            arm(limit - silent);
        } else if (firstTokenSeen) {
            listener.onSilence(
                    FailureKind.BETWEEN_TOKENS_TIMEOUT,
                    "the engine sent nothing for " + limit().toMillis() + " ms in the middle of its answer");
        } else {
            listener.onSilence(
                    FailureKind.FIRST_TOKEN_TIMEOUT,
                    "the engine sent no first token within " + limit().toMillis() + " ms");
        }
    }
}
