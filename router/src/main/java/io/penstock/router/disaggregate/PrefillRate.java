package io.penstock.router.disaggregate;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast engines prefill, and how much they have to, as the router has seen it: nanoseconds for each token, the latest prompts
 * weighing most, and the tokens under way. Threading: counter; of two measurements at the same time one may be lost.
 */
final class PrefillRate {

    private static final double WEIGHT = 0.2;
    private static final int ENOUGH = 3;
    private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private volatile Measured measured = new Measured(0, 0, 0);
    private final AtomicLong underWay = new AtomicLong();

    private record Measured(double nanosPerToken, int samples, long atNanos) {

        Measured with(double nanos, long now) {
            double next = samples == 0 ? nanos : nanosPerToken + WEIGHT * (nanos - nanosPerToken);
            return new Measured(next, Math.min(samples + 1, ENOUGH), now);
        }
    }

    /** A prompt of which so many tokens are not cached is under way. */
    void began(int tokens) {
        underWay.addAndGet(tokens);
    }

    /** It is prefilled, or nobody waits for it any more. */
    void ended(int tokens) {
        underWay.addAndGet(-tokens);
    }

    /** So many tokens took so long. */
    void took(int tokens, long nanos, long now) {
        double perToken = (double) nanos / Math.max(1, tokens);
        measured = measured.with(perToken, now);
    }

    /** False as long as too little was seen, or it was too long ago. */
    boolean isKnown(long now) {
        Measured last = measured;
        return last.samples() == ENOUGH && now - last.atNanos() < STALE_NANOS;
    }

    /** How long a prompt of so many tokens will take, behind what is under way on that many engines. */
    double estimate(int tokens, int engines) {
        double ahead = (double) Math.max(0, underWay.get()) / Math.max(1, engines);
        return (ahead + tokens) * measured.nanosPerToken();
    }
}
