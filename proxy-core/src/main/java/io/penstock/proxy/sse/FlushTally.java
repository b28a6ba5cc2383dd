package io.penstock.proxy.sse;

import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.EnumMap;
import java.util.Map;

/** Counts the flushes of one stream. Threading: loop-confined. */
@LoopConfined
public final class FlushTally {

    private final Map<FlushReason, Integer> flushes = new EnumMap<>(FlushReason.class);
    private long events;
    private long reads;

    void read() {
        reads++;
    }

    void flush(FlushReason why, int heldEvents) {
        flushes.merge(why, 1, Integer::sum);
        events += heldEvents;
    }

    /** How often there was which reason to flush. */
    public Map<FlushReason, Integer> flushes() {
        return flushes;
    }

    /** How many events were held and flushed. */
    public long events() {
        return events;
    }

    /** How often something arrived: as often it would have been flushed without an interval. */
    public long reads() {
        return reads;
    }
}
