package io.penstock.proxy.api;

import java.util.concurrent.TimeUnit;

/**
 * When the events of one stream came from the engine. Events that one read brought came together: there is no time between them.
 * An event counts when the piece of the body it came in ends with it, as engines send each in a piece of its own; comments do not
 * count.
 *
 * <p>Threading: confined to the client's event loop until the exchange ends, then read-only.
 */
public final class EventTimes {

    private static final long[] BOUNDS = nanos(
            1_000,
            2_500,
            5_000,
            10_000,
            15_000,
            20_000,
            30_000,
            40_000,
            50_000,
            75_000,
            100_000,
            150_000,
            200_000,
            300_000,
            500_000,
            750_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000);

    private final int[] gaps = new int[BOUNDS.length + 1];
    private long events;
    private long firstNanos;
    private long lastNanos;

    /** Times a stream of which nothing has come. */
    public EventTimes() {}

    private static long[] nanos(long... micros) {
        long[] nanos = new long[micros.length];
        for (int i = 0; i < micros.length; i++) {
            nanos[i] = TimeUnit.MICROSECONDS.toNanos(micros[i]);
        }
        return nanos;
    }

    /** So many events came together. */
    public void arrived(int together, long nowNanos) {
        if (together == 0) {
            return;
        }
        if (events == 0) {
            firstNanos = nowNanos;
            gaps[0] += together - 1;
        } else {
            gaps[bucket(nowNanos - lastNanos)]++;
            gaps[0] += together - 1;
        }
        events += together;
        lastNanos = nowNanos;
    }

    private static int bucket(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** How many events came. */
    public long events() {
        return events;
    }

    /** From the first event to the last: also the sum of the times between them. */
    public long spanNanos() {
        return lastNanos - firstNanos;
    }

    /** How many times between two events are told apart, by their length; the last kind has no upper bound. */
    public static int kinds() {
        return BOUNDS.length + 1;
    }

    /** The upper bound of a kind but the last, inclusive, in nanoseconds. */
    public static long bound(int kind) {
        return BOUNDS[kind];
    }

    /** How many times between two events were of this kind. */
    public int gaps(int kind) {
        return gaps[kind];
    }
}
