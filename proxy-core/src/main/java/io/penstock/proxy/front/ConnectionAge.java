package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.penstock.proxy.api.ClientLimit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections that are old, as if the router drained: a balancer that spreads connections, not requests, gets to choose
 * again. A tenth of chance keeps those that came together from all coming back together. Threading: any event loop.
 */
final class ConnectionAge {

    private static final int SPREAD = 10;

    private ConnectionAge() {}

    /** Sets the timer of a new connection, if there is a limit. */
    static void begin(Channel channel, FrontContext context) {
        long limit = context.options().limits().maxConnectionAge().toNanos();
        if (limit > 0) {
            long spread = limit / SPREAD;
            long age = limit + ThreadLocalRandom.current().nextLong(-spread, spread + 1);
            var timer = channel.eventLoop().schedule(() -> end(channel, context), age, TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> timer.cancel(false));
        }
    }

    private static void end(Channel channel, FrontContext context) {
        context.observer().clientLimited(ClientLimit.CONNECTION_AGE);
        channel.pipeline().fireUserEventTriggered(Draining.BEGINS);
    }
}
