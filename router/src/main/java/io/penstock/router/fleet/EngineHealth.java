package io.penstock.router.fleet;

import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of one engine: what probes say, whether it is ejected, tried or busy, whether it drains.
 *
 * <pre>
 *        too many failures             time over             the trial goes well
 * READY -------------------> EJECTED -----------> HALF_OPEN ----------------------> READY
 *                               ^                    |
 *                               +--------------------+ the trial fails: out for twice as long
 * </pre>
 *
 * DOWN and DRAINING hide these states; an engine that comes back from DOWN is a new process and starts afresh. A probe's
 * success does not end a trial: the engine that answers probes and fails requests is what ejection is for.
 *
 * <p>Threading: control plane.
 */
final class EngineHealth {

    private final PassiveHealth passive;
    private HealthConfig config;
    private boolean draining;
    private boolean probed;
    private boolean down;
    private boolean ejected;
    private boolean busy;
    private @Nullable Trial trial;
    private int failedProbesInRow;
    private int goodProbesInRow;
    private int ejectionsInRow;
    private long ejectedUntilNanos;
    private long busyUntilNanos;
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
        if (busy) {
            return EngineState.BUSY;
        }
        if (trial != null) {
            return EngineState.HALF_OPEN;
        }
        return probed ? EngineState.READY : EngineState.NEW;
    }

    /** When an engine that is ejected or busy may be picked again; means nothing for another. */
    long backNanos() {
        return ejected ? ejectedUntilNanos : busyUntilNanos;
    }

    /** The trial it stands, or null. */
    @Nullable
    Trial trial() {
        return trial;
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
        busy = false;
        trial = null;
        ejectionsInRow = 0;
        passive.reset();
    }

    /**
     * Ejects the engine. Ejections follow one another when the engine failed its trial, or did not stay in for the
     * longest ejection's time; each is twice as long as the one before.
     *
     * @return for how long
     */
    Duration controlEject(long nowNanos) {
        boolean stayedIn = trial == null
                && (ejectionsInRow == 0
                        || nowNanos - lastReturnNanos > config.maxEjectFor().toNanos());
        ejectionsInRow = stayedIn ? 1 : ejectionsInRow + 1;
        ejected = true;
        trial = null;
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
    void controlTry(long nowNanos) {
        if (ejected && nowNanos - ejectedUntilNanos >= 0) {
            ejected = false;
            trial = new Trial();
        }
    }

    /** Ends the trial well. */
    void controlPassed(long nowNanos) {
        trial = null;
        lastReturnNanos = nowNanos;
        passive.reset();
    }

    /** Leaves the engine alone for a while, or longer than it is already. */
    void controlPushedBack(Duration time, long nowNanos) {
        long until = nowNanos + time.toNanos();
        busyUntilNanos = busy && busyUntilNanos - until > 0 ? busyUntilNanos : until;
        busy = true;
    }

    /** Ends that, if the time is over. */
    void controlWait(long nowNanos) {
        busy &= nowNanos - busyUntilNanos < 0;
    }

    /** Probes that failed since the last good one. */
    int failedProbesInRow() {
        return failedProbesInRow;
    }

    void controlDrain(boolean drain) {
        draining = drain;
    }

    /** Goes by this from now on; what runs, such as an ejection, ends as it was begun. */
    void controlConfigure(HealthConfig now) {
        config = now;
        passive.controlConfigure(now);
    }

    HealthConfig config() {
        return config;
    }
}
