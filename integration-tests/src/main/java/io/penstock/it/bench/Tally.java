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
    private long reads;
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
        reads = 0;
        delays = newHistogram();
    }

    /** Stops to count and tells what was counted. */
    Counts close() {
        open = false;
        return new Counts(
                chunks,
                answers,
                reads,
                delays.getValueAtPercentile(50) / 1000.0,
                delays.getValueAtPercentile(99) / 1000.0);
    }

    /** Something was read from a socket. */
    void read() {
        if (open) {
            reads++;
        }
    }

    /** So many chunks came, one cannot tell when. */
    void chunks(int count) {
        if (open) {
            chunks += count;
        }
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
     * @param chunks streamed events with a token, however many of them came in one
     * @param answers complete answers
     * @param reads how often the client read from a socket
     * @param delayP50Micros median delay: of a chunk from engine to client, or of an answer from its request
     * @param delayP99Micros the same, 99th percentile
     */
    record Counts(long chunks, long answers, long reads, double delayP50Micros, double delayP99Micros) {}
}
