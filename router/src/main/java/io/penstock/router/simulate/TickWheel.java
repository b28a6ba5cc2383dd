package io.penstock.router.simulate;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.proxy.runtime.Ticker;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all requests of an engine: buckets of a millisecond, and at most one scheduled task however many
 * requests wait. Entries fire up to one millisecond late, never early, all entries of a bucket in the order they came.
 * Threading: loop-confined.
 */
@LoopConfined
final class TickWheel {

    /** Something that waits for its time. */
    interface Timed {
        /** When it wants to fire, on the wheel's ticker. */
        long dueNanos();

        /** Its time has come; it may add itself again. */
        void fire(long nowNanos);
    }

    private static final long TICK_NANOS = 1_000_000;
    private static final int BUCKETS = 1024;

    private final EventExecutor loop;
    private final Ticker ticker;
    private final long origin;
    private final List<ArrayList<Timed>> buckets = new ArrayList<>(BUCKETS);
    private final BitSet occupied = new BitSet(BUCKETS);
    private ArrayList<Timed> spare = new ArrayList<>();
    private long lastTick;
    private long alarmTick = Long.MAX_VALUE;
    private @Nullable Future<?> alarm;

    TickWheel(EventExecutor loop, Ticker ticker) {
        this.loop = loop;
        this.ticker = ticker;
        this.origin = ticker.nanos();
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new ArrayList<>());
        }
    }

    /** Fires {@code timed} once, when it is due; what is due already fires within a millisecond. */
    void add(Timed timed) {
        Loops.assertIn(loop);
        long tick = Math.max(tickOf(timed), lastTick + 1);
        int bucket = (int) (tick % BUCKETS);
        buckets.get(bucket).add(timed);
        occupied.set(bucket);
        arm(tick);
    }

    private long tickOf(Timed timed) {
        return Math.floorDiv(timed.dueNanos() - origin + TICK_NANOS - 1, TICK_NANOS);
    }

    private void arm(long tick) {
        if (tick >= alarmTick) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmTick = tick;
        long wait = origin + tick * TICK_NANOS - ticker.nanos();
        alarm = loop.schedule(this::turn, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private void turn() {
        alarm = null;
        alarmTick = Long.MAX_VALUE;
        long now = ticker.nanos();
        long from = lastTick + 1;
        lastTick = Math.max(lastTick, Math.floorDiv(now - origin, TICK_NANOS));
        long turns = Math.min(lastTick - from + 1, BUCKETS);
        for (int i = 0; i < turns; i++) {
            int bucket = (int) ((from + i) % BUCKETS);
            if (occupied.get(bucket)) {
                empty(bucket, now);
            }
        }
        armNext();
    }

    private void empty(int bucket, long now) {
        ArrayList<Timed> due = buckets.get(bucket);
        buckets.set(bucket, spare);
        occupied.clear(bucket);
        for (Timed timed : due) {
            if (tickOf(timed) > lastTick) {
                add(timed);
            } else {
                timed.fire(now);
            }
        }
        due.clear();
        spare = due;
    }

    private void armNext() {
        int first = (int) ((lastTick + 1) % BUCKETS);
        int next = occupied.nextSetBit(first);
        if (next < 0) {
            next = occupied.nextSetBit(0);
        }
        if (next >= 0) {
            arm(lastTick + 1 + Math.floorMod(next - first, BUCKETS));
        }
    }
}
