package io.penstock.router.fleet;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Requests and failures of the last while, in ten slots of time. A slot holds its turn, its failures and its requests in
 * one long, so that each request is counted exactly, in the right slot, by one compare-and-set; a slot that comes round
 * again starts from nothing. A slot is full at a million requests, and then keeps its share.
 *
 * <p>Threading: counter.
 */
final class FailureWindow {

    private static final int SLOTS = 10;
    private static final int COUNT_BITS = 20;
    private static final int TURN_SHIFT = 2 * COUNT_BITS;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long TURN_MASK = (1L << (64 - TURN_SHIFT)) - 1;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private final long slotNanos;
    private final long startNanos;

    /** A window that looks back {@code nanos}, give or take a tenth. */
    FailureWindow(long nanos, long nowNanos) {
        this.slotNanos = Math.max(1, nanos / SLOTS);
        this.startNanos = nowNanos;
    }

    /**
     * What the window holds.
     *
     * @param requests requests that ended well or failed
     * @param failures those that failed
     */
    record Sums(long requests, long failures) {}

    void add(boolean failed, long nowNanos) {
        long turn = turn(nowNanos);
        int at = (int) (turn % SLOTS);
        long one = (failed ? 1L << COUNT_BITS : 0) | 1;
        while (true) {
            long old = slots.get(at);
            long current = turnOf(old) == (turn & TURN_MASK) ? old : (turn & TURN_MASK) << TURN_SHIFT;
            if ((current & COUNT_MASK) == COUNT_MASK || slots.compareAndSet(at, old, current + one)) {
                return;
            }
        }
    }

    Sums sums(long nowNanos) {
        long turn = turn(nowNanos);
        long requests = 0;
        long failures = 0;
        for (int i = 0; i < SLOTS && i <= turn; i++) {
            long slot = slots.get((int) ((turn - i) % SLOTS));
            if (turnOf(slot) == ((turn - i) & TURN_MASK)) {
                requests += slot & COUNT_MASK;
                failures += (slot >>> COUNT_BITS) & COUNT_MASK;
            }
        }
        return new Sums(requests, failures);
    }

    void clear() {
        for (int i = 0; i < SLOTS; i++) {
            slots.set(i, 0);
        }
    }

    private static long turnOf(long slot) {
        return slot >>> TURN_SHIFT;
    }

    private long turn(long nowNanos) {
        return Math.max(0, nowNanos - startNanos) / slotNanos;
    }
}
