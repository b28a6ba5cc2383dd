package io.penstock.proxy.api;

/**
 * How many events of a stream are gathered before they are written to the client. Threading: immutable.
 *
 * @param events so many are written together; 1 is off, and every event is written as it comes
 * @param maxDelayNanos the longest an event is held, from the first one held
 * @param mode what becomes of the events that are written together
 * @param maxBytes the most that is held
 */
public record StreamInterval(int events, long maxDelayNanos, Mode mode, int maxBytes) {

    /** What becomes of events that are written together. */
    public enum Mode {
        /** Their bytes stay as they are. */
        BATCH,
        /** Those that continue each other become one event. */
        MERGE
    }

    /** Every event is written as it comes. */
    public static final StreamInterval OFF = new StreamInterval(1, 1, Mode.BATCH, 1);

    /** Checks that there is an interval. */
    public StreamInterval {
        if (events < 1 || maxDelayNanos < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "no interval: " + events + " events, " + maxDelayNanos + " ns, " + maxBytes + " bytes");
        }
    }

    /** True if every event is written as it comes. */
    public boolean isOff() {
        return events == 1;
    }
}
