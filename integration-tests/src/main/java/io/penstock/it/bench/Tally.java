package io.penstock.it.bench;

import io.penstock.proxy.runtime.LoopConfined;
import org.HdrHistogram.Histogram;

/**
 * Counts what arrives while the window is open. Threading: loop-confined, the load's loop. Bytes are checked also
 * outside the window.
 */
@LoopConfined
final class Tally {

    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final boolean streams;
    private boolean open;
    private long chunks;
    private long answers;
    private Histogram delays = newHistogram();

    /** Tells for {@code streams} the delay of each chunk, otherwise that of each answer. */
    Tally(boolean streams) {
        this.streams = streams;
    }

    private static Histogram newHistogram() {
        return new Histogram(LONGEST_NANOS, 3);
    }

    /** Starts to count. */
    void open() {
        open = true;
        chunks = 0;
        answers = 0;
        delays = newHistogram();
    }

    /** Stops to count and tells what was counted. */
    Counts close() {
        open = false;
        return new Counts(
                chunks, answers, delays.getValueAtPercentile(50) / 1000.0, delays.getValueAtPercentile(99) / 1000.0);
    }

    /** One chunk was on its way for so long. */
    void chunk(long nanos) {
        if (open) {
            chunks++;
            delay(nanos);
        }
    }

    /** One answer is complete, so long after its request. */
    void answer(long nanos) {
        if (open) {
            answers++;
            if (!streams) {
                delay(nanos);
            }
        }
    }

    private void delay(long nanos) {
        delays.recordValue(Math.max(0, Math.min(nanos, LONGEST_NANOS)));
    }

    /**
     * What arrived in one window. Threading: immutable.
     *
     * @param chunks streamed events that carry a stamp: all but {@code [DONE]}
     * @param answers complete answers
     * @param delayP50Micros median delay: of a chunk from engine to client, or of an answer from its request
     * @param delayP99Micros the same, 99th percentile
     */
    record Counts(long chunks, long answers, double delayP50Micros, double delayP99Micros) {}
}
