package io.penstock.proxy.exchange;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast one request body comes. It may pause for as long as the limit says, and as a whole take that long and one second more
 * for each {@value #BYTES_PER_SECOND} bytes that came: whoever sends a byte from time to time keeps no request open for ever.
 * Threading: loop-confined.
 */
@LoopConfined
final class BodyPace {

    /** Slower than any line on which somebody waits for a model. */
    static final int BYTES_PER_SECOND = 16 << 10;

    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND;

    private final Duration limit;
    private final long beganNanos;
    private long lastNanos;

    BodyPace(Duration limit, long beganNanos) {
        this.limit = limit;
        this.beganNanos = beganNanos;
        this.lastNanos = beganNanos;
    }

    void pieceCame(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** Why the request is refused when so much of its body came until now; null if it is fast enough. */
    @Nullable
    ProxyFailure problem(int bytes, long nowNanos) {
        if (nowNanos - lastNanos >= limit.toNanos()) {
            return late("nothing more of the request body came for " + limit.toMillis() + " ms");
        }
        if (nowNanos - beganNanos >= limit.toNanos() + bytes * NANOS_PER_BYTE) {
            return late("the request body came at less than " + BYTES_PER_SECOND + " bytes a second");
        }
        return null;
    }

    private static ProxyFailure late(String text) {
        return ProxyFailure.of(FailureKind.REQUEST_TIMEOUT, text);
    }
}
