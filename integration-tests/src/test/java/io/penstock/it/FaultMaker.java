package io.penstock.it;

import io.penstock.router.simulate.SimulatedEngine;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Breaks engines, one after the other and by a fixed seed, until it is interrupted; then mends them all. Threading: one thread.
 */
final class FaultMaker implements Runnable {

    /** What it does. */
    enum Fault {
        KILLED_AND_RESTARTED,
        CONNECTIONS_DROPPED,
        STALLED,
        RESET_IN_STREAM,
        CUT_IN_STREAM,
        SILENT_IN_STREAM,
        RESET_BEFORE_HEAD,
        ERROR_IN_STREAM,
        ERROR_STATUS,
        RELOADED
    }

    /** Steps from one change of the configuration to the next at most. */
    private static final int CHANGES_EVERY = 4;

    private final List<SimulatedEngine> engines;
    private final Runnable reload;
    private final Random random;
    private int steps;
    private final Map<Fault, Integer> made = new EnumMap<>(Fault.class);

    /** Breaks these engines; {@code reload} changes the configuration. */
    FaultMaker(List<SimulatedEngine> engines, Runnable reload, long seed) {
        this.engines = engines;
        this.reload = reload;
        this.random = new Random(seed);
    }

    /** How often it did what. Read when it has ended. */
    Map<Fault, Integer> made() {
        return made;
    }

    @Override
    public void run() {
        Fault[] faults = Fault.values();
        while (!Thread.currentThread().isInterrupted()) {
            SimulatedEngine engine = engines.get(random.nextInt(engines.size()));
            Fault fault = steps++ % CHANGES_EVERY == 0 ? Fault.RELOADED : faults[random.nextInt(faults.length)];
            if (fault == Fault.RELOADED) {
                reload.run();
            } else {
                make(fault, engine);
            }
            made.merge(fault, 1, Integer::sum);
            pause(5 + random.nextInt(40));
        }
        engines.forEach(engine -> {
            engine.acceptConnections();
            engine.resume();
        });
    }

    private void make(Fault fault, SimulatedEngine engine) {
        int some = 1 + random.nextInt(4);
        switch (fault) {
            case KILLED_AND_RESTARTED -> {
                engine.kill();
                pause(20 + random.nextInt(100));
                engine.acceptConnections();
            }
            case CONNECTIONS_DROPPED -> engine.dropConnections();
            case STALLED -> {
                engine.pause();
                pause(20 + random.nextInt(700));
                engine.resume();
            }
            case RESET_IN_STREAM -> engine.failNext(some, "reset-after=" + 3 * some);
            case CUT_IN_STREAM -> engine.failNext(some, "trickle, cut-after=" + 3 * some);
            case SILENT_IN_STREAM -> engine.failNext(some, "stall-after=" + some);
            case RESET_BEFORE_HEAD -> engine.failNext(some, "reset-before-head");
            case ERROR_IN_STREAM -> engine.failNext(some, "error-event-after=" + (some - 1));
            case ERROR_STATUS -> engine.failNext(some, "status=503, retry-after=0");
            case RELOADED -> throw new IllegalArgumentException("not an engine's fault");
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
