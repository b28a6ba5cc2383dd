package io.penstock.proxy.runtime;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One timer for all that waits on an event loop: buckets of one tick, and at most one scheduled task however many wait. Entries
 * fire up to one tick late, never early, all entries of a bucket in the order they came. Threading: loop-confined.
 */
@LoopConfined
public final class TickWheel {

    /** Something that waits for its time. */
    public interface Timed {
        /** When it wants to fire, on the wheel's ticker. */
        long dueNanos();

        /** Its time has come; it may add itself again. */
        void fire(long nowNanos);
    }

    private static final Logger log = LoggerFactory.getLogger(TickWheel.class);
    private static final int BUCKETS = 1024;

    private final EventExecutor loop;
    private final Ticker ticker;
    private final long tickNanos;
    private final long origin;
    private final List<ArrayList<Timed>> buckets = new ArrayList<>(BUCKETS);
    private final BitSet occupied = new BitSet(BUCKETS);
    private ArrayList<Timed> spare = new ArrayList<>();
    private long lastTick;
    private long alarmTick = Long.MAX_VALUE;
    private @Nullable Future<?> alarm;

    /** Turns on {@code loop}, once in {@code tickNanos} while something waits. */
    public TickWheel(EventExecutor loop, Ticker ticker, long tickNanos) {
        this.loop = loop;
        this.ticker = ticker;
        this.tickNanos = tickNanos;
        this.origin = ticker.nanos();
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new ArrayList<>());
        }
    }

    /** Fires {@code timed} once, when it is due; what is due already fires within a tick. */
    public void add(Timed timed) {
        Loops.assertIn(loop);
        long tick = Math.max(tickOf(timed), lastTick + 1);
        int bucket = (int) (tick % BUCKETS);
        buckets.get(bucket).add(timed);
        occupied.set(bucket);
        arm(tick);
    }

    private long tickOf(Timed timed) {
        return Math.floorDiv(timed.dueNanos() - origin + tickNanos - 1, tickNanos);
    }

    private void arm(long tick) {
        if (tick >= alarmTick) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmTick = tick;
        long wait = origin + tick * tickNanos - ticker.nanos();
        alarm = loop.schedule(this::turn, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private void turn() {
        alarm = null;
        alarmTick = Long.MAX_VALUE;
        long now = ticker.nanos();
        long from = lastTick + 1;
        lastTick = Math.max(lastTick, Math.floorDiv(now - origin, tickNanos));
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
                fire(timed, now);
            }
        }
        due.clear();
        spare = due;
    }

    /** What one throws is a defect, or the end of the memory, that must not keep the others waiting. */
    private static void fire(Timed timed, long now) {
        try {
            timed.fire(now);
        } catch (RuntimeException | Error e) {
            log.error("what waited for its time did not take it", e);
        }
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
