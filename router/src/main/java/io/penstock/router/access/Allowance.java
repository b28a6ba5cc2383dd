package io.penstock.router.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * So much within a minute: a bucket that holds the whole amount and fills evenly, so that a client that was idle may use it
 * at once. It can be overdrawn by what turned out to be more than was thought; then nothing is to be had until the debt is
 * filled up. Where limits are shared with other routers this is the router's own account of it, to which its shared side
 * belongs. Threading: counter, without locks.
 */
final class Allowance {

    private final long limit;
    private final Bucket bucket;
    private final @Nullable SharedBucket shared;

    /** At first there is {@code left}, which may be a debt. */
    private Allowance(long limit, long left, LimitSource source, String what) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(band -> band.capacity(limit)
                        .refillGreedy(limit, Duration.ofMinutes(1))
                        .initialTokens(Math.max(0, left)))
                .withCustomTimePrecision(new TickerMeter(source.ticker()))
                .build();
        if (left < 0) {
            overdraw(-left);
        }
        this.shared = source.bucket(what, limit, bucket::getAvailableTokens);
    }

    /**
     * So much within a minute, or null for 0, which stands for no limit: {@code former}, if that is as much, or one with what is
     * left of it: a limit that is changed gives nobody anything at once.
     *
     * @param what requests or tokens
     */
    static @Nullable Allowance following(@Nullable Allowance former, int limit, LimitSource source, String what) {
        if (limit == 0) {
            return null;
        }
        if (former == null) {
            return new Allowance(limit, limit, source, what);
        }
        return former.limit == limit
                ? former
                : new Allowance(limit, Math.min(former.bucket.getAvailableTokens(), limit), source, what);
    }

    /** The same limit as all routers have it together, or null if it is this router's alone. */
    @Nullable
    SharedBucket shared() {
        return shared;
    }

    /** The whole amount. */
    long limit() {
        return limit;
    }

    /** Takes an amount if it is there; it must be positive and not above the limit. */
    ConsumptionProbe take(long amount) {
        return bucket.tryConsumeAndReturnRemaining(amount);
    }

    /** Takes what was used already, whether it is there or not. */
    void overdraw(long amount) {
        bucket.consumeIgnoringRateLimits(amount);
    }

    /** Gives back what was taken in vain. */
    void giveBack(long amount) {
        bucket.addTokens(amount);
    }

    /** The router's clock as a bucket wants it. Threading: any thread. */
    private record TickerMeter(Ticker ticker) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return ticker.nanos();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
