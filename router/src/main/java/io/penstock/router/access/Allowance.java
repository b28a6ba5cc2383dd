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
 * filled up. Threading: counter, without locks.
 */
final class Allowance {

    private final long limit;
    private final Bucket bucket;

    /** At first there is {@code left}, which may be a debt. */
    private Allowance(long limit, long left, Ticker ticker) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(band -> band.capacity(limit)
                        .refillGreedy(limit, Duration.ofMinutes(1))
                        .initialTokens(Math.max(0, left)))
                .withCustomTimePrecision(new TickerMeter(ticker))
                .build();
        if (left < 0) {
            overdraw(-left);
        }
    }

    /** So much within a minute, or null for 0, which stands for no limit. */
    static @Nullable Allowance perMinute(int limit, Ticker ticker) {
        return limit == 0 ? null : new Allowance(limit, limit, ticker);
    }

    /**
     * So much within a minute: {@code former}, if that is as much, or one with what is left of it: a limit that is changed
     * gives nobody anything at once.
     */
    static @Nullable Allowance following(@Nullable Allowance former, int limit, Ticker ticker) {
        if (former == null || limit == 0) {
            return perMinute(limit, ticker);
        }
        return former.limit == limit
                ? former
                : new Allowance(limit, Math.min(former.bucket.getAvailableTokens(), limit), ticker);
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
