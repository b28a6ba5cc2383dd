package io.penstock.router.simulate;

import io.penstock.proxy.runtime.LoopConfined;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The time of day in the form headers want it, formatted once per second. Threading: loop-confined. */
@LoopConfined
final class WallClock {

    private final Clock clock;
    private long formatted = Long.MIN_VALUE;
    private String text = "";

    WallClock(Clock clock) {
        this.clock = clock;
    }

    /** Seconds since 1970. */
    long seconds() {
        return clock.instant().getEpochSecond();
    }

    /** The {@code date} header (RFC 9110, section 5.6.7). */
    String date() {
        long now = seconds();
        if (now != formatted) {
            formatted = now;
            text = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(now).atOffset(ZoneOffset.UTC));
        }
        return text;
    }
}
