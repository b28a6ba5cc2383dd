package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * When held events must go to the client:
 *
 * <ul>
 *   <li>with an event of a choice that had no content before, so that the first token is never held, and with one of several
 *       choices, any of which may be that;
 *   <li>with the N-th event held;
 *   <li>with an event that ends a choice, begins a call of a tool, tells the usage or an error, has a comment, is {@code [DONE]} or,
 *       where events have types, begins or ends a part;
 *   <li>with every event while the engine is slower than the interval. It is when an event comes the interval's whole delay after
 *       the one before it, or when an event was held for that long and no other came: to hold what comes so slowly would delay it
 *       and join it with nothing. It no longer is when for a whole delay each event came within half of one: a few that come
 *       close together, as those of several choices do, make no fast engine.
 * </ul>
 *
 * That the delay is over, the client slow or the bytes too many is for {@link EventHold} to find. Threading: loop-confined.
 */
@LoopConfined
final class HoldRules {

    /** Choices from here on are always written at once: nobody asks for so many. */
    private static final int MAX_CHOICES = 4096;

    private final StreamInterval interval;
    private final EventClassifier classifier = new EventClassifier();
    private final BitSet begun = new BitSet();

    private boolean slow;
    private boolean seen;
    private long lastNanos;
    private long lateNanos;

    HoldRules(StreamInterval interval) {
        this.interval = interval;
    }

    EventClass classify(ByteBuf bytes, int from, int to) {
        return classifier.classify(bytes, from, to);
    }

    /** Why the event just classified, the {@code held}-th held, must not wait; null if it may. */
    @Nullable
    FlushReason reasonAfter(EventClass what, int held, long nowNanos) {
        boolean first = isFirst(what);
        pace(nowNanos);
        FlushReason own = reasonOf(what);
        if (own != null) {
            return own;
        }
        if (first) {
            return FlushReason.FIRST;
        }
        if (held >= interval.events()) {
            return FlushReason.EVENTS;
        }
        return slow ? FlushReason.SLOW_ENGINE : null;
    }

    private boolean isFirst(EventClass what) {
        int choice = Math.max(0, classifier.choice());
        if (what == EventClass.STRUCTURE) {
            begun.clear();
        }
        boolean first = choice >= MAX_CHOICES || !begun.get(choice);
        if (what == EventClass.CONTENT && choice < MAX_CHOICES) {
            begun.set(choice);
        }
        return first;
    }

    private void pace(long nowNanos) {
        long gap = seen ? nowNanos - lastNanos : 0;
        if (gap > interval.maxDelayNanos() / 2) {
            lateNanos = nowNanos;
        }
        slow = slow ? nowNanos - lateNanos < interval.maxDelayNanos() : gap >= interval.maxDelayNanos();
        seen = true;
        lastNanos = nowNanos;
    }

    /** So many events were held for the whole delay. */
    void delayed(int events) {
        slow |= events == 1;
    }

    private static @Nullable FlushReason reasonOf(EventClass what) {
        return switch (what) {
            case COMMENT -> FlushReason.COMMENT;
            case DONE -> FlushReason.DONE;
            case ERROR -> FlushReason.ERROR;
            case FINISH -> FlushReason.FINISH;
            case USAGE -> FlushReason.USAGE;
            case TOOL_CALL_START -> FlushReason.TOOL_CALL;
            case STRUCTURE -> FlushReason.STRUCTURE;
            case LARGE -> FlushReason.BYTES;
            case CONTENT, EMPTY -> null;
        };
    }
}
