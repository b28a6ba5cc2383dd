package io.penstock.router;

import io.penstock.proxy.ProxyServer;
import io.penstock.router.config.Units;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time a router takes to end without cutting streams. Threading: taken by one thread that is no event loop; cut short by any.
 */
final class Farewell {

    private static final Logger log = LoggerFactory.getLogger(Farewell.class);

    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * Goes on as before for some time, takes no more requests then, and returns when the running ones are complete.
     *
     * @param settle how long requests are still taken
     * @param drain how long the running ones have then
     */
    void take(ProxyServer server, Duration settle, Duration drain) {
        settle(settle);
        if (over.getCount() > 0) {
            drain(server, drain);
        }
    }

    /** Whoever sends requests here takes a while to read that the router is not ready. */
    private void settle(Duration time) {
        log.info("not ready any more; requests are still taken for {}", Units.text(time));
        try {
            boolean unused = over.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void drain(ProxyServer server, Duration timeout) {
        log.info("draining: running requests have {} to finish", Units.text(timeout));
        if (server.drain(timeout)) {
            log.info("drained");
        } else {
            log.warn("not drained within {}: the requests that still run are ended", Units.text(timeout));
        }
    }

    /** Takes no more time; what has begun is ended by closing the server. */
    void cutShort() {
        over.countDown();
    }
}
