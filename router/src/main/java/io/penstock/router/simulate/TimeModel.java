package io.penstock.router.simulate;

import java.time.Duration;

/**
 * How long a simulated engine takes. A prefill lasts {@code firstToken + uncached tokens * prefillPerToken}, every
 * further token {@code interToken}; both grow with load by {@code 1 + (loadFactor - 1) * (running - 1) / (slots - 1)}.
 * Threading: immutable.
 *
 * @param firstToken time to the first token of an empty, unloaded engine
 * @param prefillPerToken added for each prompt token that is not in the prefix cache
 * @param interToken between two tokens of one request
 * @param slots requests that run at the same time (vLLM's {@code max_num_seqs}); more wait, first come first served
 * @param loadFactor how much slower everything is when all slots are taken; at least 1
 */
public record TimeModel(
        Duration firstToken, Duration prefillPerToken, Duration interToken, int slots, double loadFactor) {

    public TimeModel {
        if (firstToken.isNegative() || prefillPerToken.isNegative() || interToken.isNegative()) {
            throw new IllegalArgumentException("times must not be negative");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be at least 1, is " + slots);
        }
        if (!(loadFactor >= 1)) {
            throw new IllegalArgumentException("loadFactor must be at least 1, is " + loadFactor);
        }
    }

    /** No waiting at all: every token is there at once. */
    public static TimeModel instant() {
        return of(Duration.ZERO, Duration.ZERO);
    }

    /** The given times, a free prefill, 256 slots, no growth with load. */
    public static TimeModel of(Duration firstToken, Duration interToken) {
        return new TimeModel(firstToken, Duration.ZERO, interToken, 256, 1);
    }

    /** The same times with another number of slots. */
    public TimeModel withSlots(int number) {
        return new TimeModel(firstToken, prefillPerToken, interToken, number, loadFactor);
    }

    /** Nanoseconds until the first token while {@code running} requests run, this one included. */
    long prefillNanos(int uncachedTokens, int running) {
        double idle = firstToken.toNanos() + (double) prefillPerToken.toNanos() * uncachedTokens;
        return Math.round(idle * growth(running));
    }

    /** Nanoseconds between two tokens while {@code running} requests run, this one included. */
    long interTokenNanos(int running) {
        return Math.round(interToken.toNanos() * growth(running));
    }

    private double growth(int running) {
        return slots == 1 ? 1 : 1 + (loadFactor - 1) * (Math.max(running, 1) - 1) / (slots - 1);
    }
}
