package io.penstock.router;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.LiveAccess;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.SharedLimitsConfig;
import io.penstock.router.metrics.SharedLimitMetrics;
import io.penstock.router.redis.RedisLimits;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a router has in common with others, or nothing: then no class of it is loaded. Threading: life-cycle methods are called by one
 * thread.
 */
final class SharedParts implements AutoCloseable {

    private final @Nullable Redis redis;

    /** Limits in Redis, and what shows them. */
    private record Redis(RedisLimits limits, SharedLimitMetrics metrics) {}

    /**
     * The parts as configured.
     *
     * @param config null for none
     */
    SharedParts(@Nullable SharedLimitsConfig config, Ticker ticker) {
        this.redis = config == null ? null : redis(config, ticker);
    }

    private static Redis redis(SharedLimitsConfig config, Ticker ticker) {
        SharedLimitMetrics metrics = new SharedLimitMetrics();
        return new Redis(new RedisLimits(config, ticker, metrics), metrics);
    }

    /**
     * Who may use the router, with these limits.
     *
     * @throws IOException if a file or an environment variable is missing or holds no key
     */
    LiveAccess access(RouterConfig config, Ticker ticker) throws IOException {
        var time = new AccessControl.Time(ticker, InstantSource.system());
        return new LiveAccess(config, time, redis == null ? null : redis.limits());
    }

    /** Shows their metrics, and begins to connect. */
    void start(CollectorRegistry registry) {
        if (redis != null) {
            redis.metrics().register(registry, redis.limits()::isReachable);
            redis.limits().start();
        }
    }

    @Override
    public void close() {
        if (redis != null) {
            redis.limits().close();
        }
    }
}
