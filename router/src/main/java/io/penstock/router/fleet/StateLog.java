package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log why an engine went out and after how long it came back: warnings are what somebody may have to act on,
 * the rest is information.
 *
 * <p>Threading: control plane.
 */
final class StateLog {

    private static final Logger log = LoggerFactory.getLogger(StateLog.class);

    private StateLog() {}

    /** Its state is another than {@code before}, as a probe, the end of an ejection or an operator had it. */
    static void controlChanged(Member member, EngineState before, String why, long nowNanos) {
        Engine engine = member.engine();
        EngineState now = member.health().state();
        if (now == EngineState.DOWN) {
            if (before != EngineState.EJECTED) {
                member.controlOut(nowNanos);
            }
            log.warn("engine {} is down, was {}: {}", engine, before.label(), why);
        } else if (before == EngineState.DOWN || before == EngineState.EJECTED) {
            String time = seconds(member.controlOutFor(nowNanos));
            log.info("engine {} is {} after {} {}: {}", engine, now.label(), time, before.label(), why);
        } else {
            log.info("engine {} is {}, was {}: {}", engine, now.label(), before.label(), why);
        }
    }

    /** It is ejected for so long, as {@code failures} of its requests failed in a row. */
    static void controlEjected(Member member, int failures, AttemptEnd last, Duration time) {
        log.warn(
                "engine {} is ejected for {}: {} requests in a row failed, the last {}",
                member.engine(),
                seconds(time),
                failures,
                last.failure() == null
                        ? "with status " + last.status()
                        : "as " + last.failure().label());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
