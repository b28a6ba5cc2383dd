package io.penstock.router.fleet;

import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the state of one engine: takes in what probes, requests and operators say of it, and logs, counts and publishes
 * every change, with its reason.
 *
 * <p>Threading: control plane; reports come in, and counts are read, on any thread.
 */
final class EngineWatch implements EngineReports {

    private final String pool;
    private final String engine;
    private final ControlPlane control;
    private final Runnable publish;
    private final PassiveHealth passive;
    private final EngineHealth health;
    private final StateLog log;
    private final ConcurrentMap<Change, LongAdder> changes = new ConcurrentHashMap<>();

    private record Change(EngineState to, StateCause cause) {}

    /**
     * What is watched.
     *
     * @param pool the pool's name
     * @param engine the engine's name
     * @param config when it is taken out and back in
     * @param draining whether it drains from the start
     */
    record Watched(String pool, String engine, HealthConfig config, boolean draining) {}

    /** Watches an engine that is new; {@code publish} is run on the control plane after every change. */
    EngineWatch(Watched watched, ControlPlane control, Runnable publish) {
        this.pool = watched.pool();
        this.engine = watched.engine();
        this.control = control;
        this.publish = publish;
        this.passive = new PassiveHealth(watched.config(), control.ticker(), this);
        this.log = new StateLog(watched.pool() + "/" + watched.engine());
        this.health = new EngineHealth(watched.config(), passive, watched.draining());
    }

    PassiveHealth passive() {
        return passive;
    }

    EngineHealth health() {
        return health;
    }

    @Override
    public void failing(StateCause cause, String why) {
        control.execute(() -> controlEject(cause, why));
    }

    @Override
    public void pushedBack(Duration time) {
        control.execute(() -> controlPushedBack(time));
    }

    @Override
    public void tried(Trial trial, boolean good, String how) {
        control.execute(() -> controlTried(trial, good, how));
    }

    private void controlEject(StateCause cause, String why) {
        EngineState before = health.state();
        Duration time = health.controlEject(now());
        log.controlEjected(before, why, time, now());
        controlChanged(before, cause);
        control.schedule(
                time,
                () -> controlChange(StateCause.EJECTION_OVER, "its ejection is over", () -> health.controlTry(now())));
    }

    private void controlTried(Trial trial, boolean good, String how) {
        if (health.trial() != trial) {
            return;
        }
        if (good) {
            controlChange(
                    StateCause.TRIAL_SUCCEEDED,
                    "the request that tried it went well",
                    () -> health.controlPassed(now()));
        } else {
            controlEject(StateCause.TRIAL_FAILED, "the request that tried it failed " + how);
        }
    }

    private void controlPushedBack(Duration time) {
        controlChange(
                StateCause.PUSHED_BACK,
                "it asked for " + time.toSeconds() + " s without requests",
                () -> health.controlPushedBack(time, now()));
        control.schedule(
                time,
                () -> controlChange(
                        StateCause.RETRY_AFTER_OVER, "the time it asked for is over", () -> health.controlWait(now())));
    }

    void controlProbed(ProbeOutcome outcome) {
        int failedBefore = health.failedProbesInRow();
        String why = failedBefore == 0 || outcome.good()
                ? outcome.finding()
                : (failedBefore + 1) + " probes in a row failed, the last: " + outcome.finding();
        StateCause cause = outcome.good() ? StateCause.PROBES_SUCCEEDED : StateCause.PROBES_FAILED;
        controlChange(cause, why, () -> health.controlProbed(outcome.good()));
    }

    void controlDrain(boolean drain) {
        String why = drain ? "told to drain" : "told to take requests again";
        controlChange(StateCause.OPERATOR, why, () -> health.controlDrain(drain));
    }

    private void controlChange(StateCause cause, String why, Runnable change) {
        EngineState before = health.state();
        Trial trialBefore = health.trial();
        change.run();
        EngineState after = health.state();
        if (before != after) {
            log.controlChanged(before, after, why, now());
        }
        if (before != after || trialBefore != health.trial()) {
            controlChanged(before, cause);
        }
    }

    private void controlChanged(EngineState before, StateCause cause) {
        if (before != health.state()) {
            changes.computeIfAbsent(new Change(health.state(), cause), change -> new LongAdder())
                    .increment();
        }
        publish.run();
    }

    private long now() {
        return control.ticker().nanos();
    }

    /** How often it came into which state, and why. */
    List<StateChanges> changes() {
        return changes.entrySet().stream()
                .map(entry -> new StateChanges(
                        pool,
                        engine,
                        entry.getKey().to(),
                        entry.getKey().cause(),
                        entry.getValue().sum()))
                .toList();
    }
}
