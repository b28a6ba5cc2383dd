package io.penstock.router.fleet;

import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log why one engine went out and after how long it came back: warnings are what somebody may have to act on,
 * the rest is information.
 *
 * <p>Threading: control plane.
 */
final class StateLog {

    private static final Logger log = LoggerFactory.getLogger(StateLog.class);

    private final String engine;
    private long outSinceNanos;

    /** The log of one engine, named with its pool. */
    StateLog(String engine) {
        this.engine = engine;
    }

    /** Its state changed, as a probe, a trial, the end of a pause or an operator had it. */
    void controlChanged(EngineState before, EngineState now, String why, long nowNanos) {
        if (now == EngineState.DOWN) {
            if (before != EngineState.EJECTED) {
                outSinceNanos = nowNanos;
            }
            log.warn("engine {} is down, was {}: {}", engine, before.label(), why);
        } else if (before == EngineState.DOWN || before == EngineState.EJECTED) {
            String time = seconds(Duration.ofNanos(nowNanos - outSinceNanos));
            log.info("engine {} is {} after {} {}: {}", engine, now.label(), time, before.label(), why);
        } else {
            log.info("engine {} is {}, was {}: {}", engine, now.label(), before.label(), why);
        }
    }

    /** It is ejected for so long. */
    void controlEjected(EngineState before, String why, Duration time, long nowNanos) {
        if (before != EngineState.DOWN) {
            outSinceNanos = nowNanos;
        }
        log.warn("engine {} is ejected for {}: {}", engine, seconds(time), why);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
