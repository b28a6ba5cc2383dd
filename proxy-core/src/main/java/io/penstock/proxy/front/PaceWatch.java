package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer by which a client connection notices that its client is slow. It runs only while something is awaited, and looks
 * when it fires: a request or a chunk costs it nothing. A limit is noticed late by a quarter of the shortest limit at most.
 * Threading: loop-confined.
 */
@LoopConfined
final class PaceWatch {

    private static final int LOOKS = 4;

    /** What is looked at. */
    @FunctionalInterface
    interface Paced {
        /** Acts on what has taken too long by now; true while something else is awaited. */
        boolean look(long nowNanos);
    }

    private final Channel channel;
    private final Ticker ticker;
    private final long everyNanos;
    private final Paced paced;

    private @Nullable Future<?> timer;

    PaceWatch(Channel channel, ClientLimits limits, Ticker ticker, Paced paced) {
        this.channel = channel;
        this.ticker = ticker;
        this.paced = paced;
        long shortest = Math.min(
                limits.headerTimeout().toNanos(),
                Math.min(limits.bodyTimeout().toNanos(), limits.writeTimeout().toNanos()));
        this.everyNanos = shortest / LOOKS;
    }

    /** Something is awaited from the client. */
    void begin() {
        if (timer == null && channel.isActive()) {
            timer = channel.eventLoop().schedule(this::fire, everyNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void fire() {
        timer = null;
        if (paced.look(ticker.nanos())) {
            begin();
        }
    }

    /** The connection is closed. */
    void over() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
