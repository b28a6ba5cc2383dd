package io.penstock.proxy.api;

import java.util.Map;

/**
 * How the events of one stream that were held went to the client. Threading: immutable.
 *
 * @param flushes how often for which reason; a reason that there was not is missing
 * @param events how many events were held
 * @param reads how often something came from the engine: as often it would have been written without an interval
 * @param bytesSaved how many bytes less were written than came, by joining events
 */
public record StreamFlushes(Map<FlushReason, Integer> flushes, long events, long reads, long bytesSaved) {

    /** Copies the map. */
    public StreamFlushes {
        flushes = Map.copyOf(flushes);
    }

    /** How many writes to the client there were less than without an interval. */
    public long writesSaved() {
        long writes = 0;
        for (int count : flushes.values()) {
            writes += count;
        }
        return Math.max(0, reads - writes);
    }
}
