package io.penstock.proxy.exchange;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time in which one request must be through, however many engines it is sent to and however steadily they answer. A request
 * without one costs no timer. Threading: loop-confined.
 */
@LoopConfined
final class Deadline {

    private final Exchange exchange;

    private @Nullable Future<?> timer;

    Deadline(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The request is sent to an engine; only the first time counts. */
    void arm(RoutePlan plan) {
        if (timer == null) {
            long left = plan.timeLeftNanos(exchange.now());
            if (left != Long.MAX_VALUE) {
                timer = exchange.client()
                        .loop()
                        .schedule(exchange::onTimeOver, Math.max(0, left), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** The exchange is over. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
