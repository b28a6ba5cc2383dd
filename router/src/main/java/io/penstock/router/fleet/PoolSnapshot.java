package io.penstock.router.fleet;

import java.util.List;

/**
 * One pool at one moment. Threading: immutable.
 *
 * @param name the pool's name
 * @param standings every engine, in the order of the configuration
 * @param pickable the engines that may be picked
 * @param selector picks among them
 */
public record PoolSnapshot(
        String name, List<EngineStanding> standings, List<Engine> pickable, EngineSelector selector) {

    /** True if some engine may be picked. */
    public boolean canServe() {
        return !pickable.isEmpty();
    }

    /** True once it is known how it stands: some engine is well, or each has been probed. */
    boolean isProbed() {
        return standings.stream().anyMatch(at -> at.state() == EngineState.READY)
                || standings.stream().noneMatch(at -> at.state() == EngineState.NEW);
    }
}
