package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.TickWheel;
import org.jspecify.annotations.Nullable;

/**
 * Holds the events of one stream until there is a reason to write them, and then writes all of them at once. A reason is looked
 * for when an event comes, and acted upon when all that one read of the engine brought has been looked at: so what came together
 * goes out together, and in its order. {@link HoldRules} knows the reasons.
 *
 * <p>What is held is whole events, copied into one buffer that is written as it is: a token is some 200 bytes, and copying those
 * costs less than to keep and write a buffer for each. The part of an event whose end has not come waits apart. What is longer
 * than {@code maxBytes} altogether is not held: the rest of an event whose beginning the client has is passed on as it comes,
 * and is not copied.
 *
 * <p>Nothing is held for longer than the interval's delay (and a tick of the wheel), whatever it is: a part of an event goes
 * then too. One timer entry serves a stream for any number of events: it is left where it is when its events are gone, and looks
 * when it fires. Threading: loop-confined.
 */
@LoopConfined
public final class EventHold implements TickWheel.Timed {

    private static final int FIRST_BUFFER = 1024;

    private final StreamInterval interval;
    private final EventJoiner joiner;
    private final EventOutlet outlet;
    private final TickWheel wheel;
    private final EventScanner scanner = new EventScanner();
    private final HoldRules rules;
    private final FlushTally tally = new FlushTally();

    private @Nullable ByteBuf held;
    private @Nullable ByteBuf part;
    private @Nullable FlushReason due;
    private int events;
    private int lastWritten = FIRST_BUFFER;
    private boolean unflushed;
    private @Nullable FlushReason passing;
    private @Nullable FlushReason lastReason;
    private boolean arrived;
    private boolean timed;
    private boolean over;
    private long sinceNanos;
    private long partNanos;

    /** Holds nothing yet. */
    public EventHold(StreamInterval interval, EventJoiner joiner, EventOutlet outlet, TickWheel wheel) {
        this.interval = interval;
        this.joiner = joiner;
        this.outlet = outlet;
        this.wheel = wheel;
        this.rules = new HoldRules(interval);
    }

    /** Takes a piece of the stream, which is lent: {@code bytes} from {@code from} to {@code to}. */
    public void add(ByteBuf bytes, int from, int to, long nowNanos) {
        arrived = true;
        tally.came(to - from);
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        int at = isEmpty() && passing == null && scanner.isRestOfLineEnd(bytes, from, to) ? lineEnd(bytes, from) : from;
        for (int end; (end = scanner.next(bytes, at, to)) > 0; at = end) {
            endOfEvent(bytes, at, end, nowNanos);
        }
        if (at < to) {
            partOfEvent(bytes, at, to, nowNanos);
        }
    }

    /** The client has the event and the CR behind it, and may wait for this LF to know that it ends there. */
    private int lineEnd(ByteBuf bytes, int at) {
        int none = scanner.next(bytes, at, at + 1);
        assert none < 0;
        passing = lastReason;
        pass(bytes, at, at + 1);
        passing = null;
        return at + 1;
    }

    private void endOfEvent(ByteBuf bytes, int from, int to, long nowNanos) {
        ByteBuf begun = part;
        if (passing != null) {
            pass(bytes, from, to);
            passing = null;
        } else if (begun == null) {
            event(bytes, from, to, nowNanos);
        } else {
            part = null;
            begun.writeBytes(bytes, from, to - from);
            event(begun, begun.readerIndex(), begun.writerIndex(), nowNanos);
            begun.release();
        }
    }

    private void event(ByteBuf bytes, int from, int to, long nowNanos) {
        if (heldBytes() + to - from > interval.maxBytes()) {
            writeHeld();
            reason(FlushReason.BYTES);
        }
        EventClass what = rules.classify(bytes, from, to);
        joiner.add(bytes, from, to, what, held());
        events++;
        reason(rules.reasonAfter(what, events, nowNanos));
    }

    private void partOfEvent(ByteBuf bytes, int from, int to, long nowNanos) {
        int kept = part == null ? 0 : part.readableBytes();
        if (passing != null) {
            pass(bytes, from, to);
        } else if (heldBytes() + kept + to - from > interval.maxBytes()) {
            passPart(FlushReason.BYTES);
            pass(bytes, from, to);
        } else {
            keepPart(bytes, from, to, nowNanos);
            if (scanner.hasComment()) {
                passPart(FlushReason.COMMENT);
            }
        }
    }

    private void keepPart(ByteBuf bytes, int from, int to, long nowNanos) {
        ByteBuf begun = part;
        if (begun == null) {
            partNanos = nowNanos;
            begun = outlet.buffer(Math.max(FIRST_BUFFER, to - from));
            part = begun;
        }
        begun.writeBytes(bytes, from, to - from);
    }

    /** What is held goes before; the rest of the event will be passed on as it comes. */
    private void passPart(FlushReason why) {
        writeHeld();
        passing = why;
        reason(why);
        ByteBuf begun = part;
        part = null;
        if (begun != null) {
            write(begun);
        }
    }

    private void pass(ByteBuf bytes, int from, int to) {
        tally.wrote(to - from);
        unflushed = true;
        reason(passing);
        outlet.pass(bytes.retainedSlice(from, to - from));
    }

    private void reason(@Nullable FlushReason found) {
        if (due == null) {
            due = found;
        }
    }

    /** All that one read of the engine brought has been added. */
    public void readComplete() {
        if (over || !arrived) {
            return;
        }
        arrived = false;
        tally.read();
        if (due != null) {
            flush(due);
        } else if (!outlet.isWritable()) {
            flush(FlushReason.SLOW_CLIENT);
        }
        if (!timed && !isEmpty()) {
            timed = true;
            wheel.add(this);
        }
    }

    private boolean isEmpty() {
        return events == 0 && part == null;
    }

    private ByteBuf held() {
        ByteBuf into = held;
        if (into == null) {
            into = outlet.buffer(lastWritten);
            held = into;
        }
        return into;
    }

    private int heldBytes() {
        return (held == null ? 0 : held.readableBytes()) + joiner.keptBytes();
    }

    private void writeHeld() {
        if (events > 0) {
            joiner.settle(held());
        }
        ByteBuf whole = held;
        held = null;
        if (whole != null) {
            write(whole);
        }
    }

    private void write(ByteBuf bytes) {
        if (bytes.isReadable()) {
            lastWritten = Math.max(FIRST_BUFFER, bytes.readableBytes());
            unflushed = true;
            tally.wrote(bytes.readableBytes());
            outlet.write(bytes);
        } else {
            bytes.release();
        }
    }

    private void flush(FlushReason why) {
        if (wrote(why)) {
            outlet.flush();
        }
    }

    private boolean wrote(FlushReason why) {
        writeHeld();
        boolean something = unflushed;
        if (something) {
            lastReason = due == null ? why : due;
            tally.flush(lastReason, events);
        }
        unflushed = false;
        due = null;
        events = 0;
        sinceNanos = partNanos;
        return something;
    }

    @Override
    public long dueNanos() {
        return sinceNanos + interval.maxDelayNanos();
    }

    @Override
    public void fire(long nowNanos) {
        timed = false;
        if (over || isEmpty()) {
            return;
        }
        if (nowNanos - dueNanos() < 0) {
            timed = true;
            wheel.add(this);
            return;
        }
        rules.delayed(events);
        if (part != null) {
            passPart(FlushReason.DELAY);
        }
        flush(FlushReason.DELAY);
    }

    /**
     * The answer ends here, complete or not: writes whatever is held, a part of an event too, without a flush, and is over.
     *
     * @return true if the stream stands between two events
     */
    public boolean end(FlushReason why) {
        if (!over) {
            if (part != null) {
                passPart(why);
            }
            boolean unused = wrote(why);
            release();
        }
        return !scanner.isWithinEvent();
    }

    /** Nobody waits for the events any more. */
    public void release() {
        if (!over) {
            over = true;
            tally.lost(heldBytes() + (part == null ? 0 : part.readableBytes()));
            joiner.release();
            if (held != null) {
                held.release();
                held = null;
            }
            if (part != null) {
                part.release();
                part = null;
            }
        }
    }

    /** What was flushed, and why. */
    public FlushTally tally() {
        return tally;
    }
}
