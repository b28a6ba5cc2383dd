package io.penstock.router.fleet;

import io.penstock.router.config.HealthConfig;
import java.time.Duration;

/**
 * The state of one engine: what probes say, whether it is ejected, whether it drains.
 *
 * <p>Threading: control plane.
 */
final class EngineHealth {

    private final HealthConfig config;
    private final PassiveHealth passive;
    private boolean draining;
    private boolean probed;
    private boolean down;
    private boolean ejected;
    private int failedProbesInRow;
    private int goodProbesInRow;
    private int ejectionsInRow;
    private long ejectedUntilNanos;
    private long lastReturnNanos;

    EngineHealth(HealthConfig config, PassiveHealth passive, boolean draining) {
        this.config = config;
        this.passive = passive;
        this.draining = draining;
    }

    EngineState state() {
        if (draining) {
            return EngineState.DRAINING;
        }
        if (down) {
            return EngineState.DOWN;
        }
        if (ejected) {
            return EngineState.EJECTED;
        }
        return probed ? EngineState.READY : EngineState.NEW;
    }

    /** An engine that was never well has nothing to lose: its first failed probe takes it out. */
    void controlProbed(boolean good) {
        goodProbesInRow = good ? goodProbesInRow + 1 : 0;
        failedProbesInRow = good ? 0 : failedProbesInRow + 1;
        if (down && goodProbesInRow >= config.successesToUp()) {
            controlCameBack();
        } else if (!good && (!probed || failedProbesInRow >= config.failuresToDown())) {
            down = true;
        }
        probed |= good;
    }

    /** Whatever was held against it was held against the process that is gone. */
    private void controlCameBack() {
        down = false;
        ejected = false;
        ejectionsInRow = 0;
        passive.reset();
    }

    /**
     * Ejects the engine. Ejections follow one another when the engine did not stay in for the longest ejection's time;
     * each is twice as long as the one before.
     *
     * @return for how long
     */
    Duration controlEject(long nowNanos) {
        boolean stayedIn = ejectionsInRow == 0
                || nowNanos - lastReturnNanos > config.maxEjectFor().toNanos();
        ejectionsInRow = stayedIn ? 1 : ejectionsInRow + 1;
        ejected = true;
        long longest = config.maxEjectFor().toNanos();
        long time = config.ejectFor().toNanos();
        for (int doublings = 1; doublings < ejectionsInRow && time < longest; doublings++) {
            time *= 2;
        }
        time = Math.min(time, longest);
        ejectedUntilNanos = nowNanos + time;
        return Duration.ofNanos(time);
    }

    /** Ends the ejection if its time is over; it is not if the engine came back and was ejected again meanwhile. */
    void controlReturn(long nowNanos) {
        if (!ejected || nowNanos - ejectedUntilNanos < 0) {
            return;
        }
        ejected = false;
        lastReturnNanos = nowNanos;
        passive.rearm();
    }

    int failedProbesInRow() {
        return failedProbesInRow;
    }

    void controlDrain(boolean drain) {
        draining = drain;
    }
}
