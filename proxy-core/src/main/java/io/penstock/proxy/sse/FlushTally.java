package io.penstock.proxy.sse;

import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamFlushes;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.EnumMap;
import java.util.Map;

/** Counts the flushes of one stream. Threading: loop-confined. */
@LoopConfined
public final class FlushTally {

    private final Map<FlushReason, Integer> flushes = new EnumMap<>(FlushReason.class);
    private long events;
    private long reads;
    private long bytesIn;
    private long bytesOut;

    void read() {
        reads++;
    }

    void flush(FlushReason why, int heldEvents) {
        flushes.merge(why, 1, Integer::sum);
        events += heldEvents;
    }

    void came(int bytes) {
        bytesIn += bytes;
    }

    /** Nobody waited for so many any more. */
    void lost(int bytes) {
        bytesIn -= bytes;
    }

    void wrote(int bytes) {
        bytesOut += bytes;
    }

    /** All that was counted so far. */
    public StreamFlushes summary() {
        return new StreamFlushes(flushes, events, reads, bytesIn - bytesOut);
    }
}
