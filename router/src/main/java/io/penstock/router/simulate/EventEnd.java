package io.penstock.router.simulate;

import io.penstock.proxy.runtime.Ticker;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What closes the JSON of every streamed event: the brace, or before it {@code "sim_nanos"}, the time at which the
 * event was made, so that a benchmark can tell how long it was on its way. Threading: immutable. The width is fixed.
 *
 * @param ticker the clock of the stamp; null for events without one
 */
record EventEnd(@Nullable Ticker ticker) {

    private static final byte[] PLAIN = "}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STAMPED =
            ",\"sim_nanos\":\"000000000000000000\"}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LAST_DIGIT = STAMPED.length - "\"}\n\n".length() - 1;

    /** The bytes for an event that is made now; not to be written to. */
    byte[] bytes() {
        if (ticker == null) {
            return PLAIN;
        }
        byte[] stamped = STAMPED.clone();
        int at = LAST_DIGIT;
        for (long rest = ticker.nanos(); rest > 0; rest /= 10) {
            stamped[at--] = (byte) ('0' + rest % 10);
        }
        return stamped;
    }
}
