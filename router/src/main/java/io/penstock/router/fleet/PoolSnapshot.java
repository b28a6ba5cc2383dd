package io.penstock.router.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool at one moment. Threading: immutable, but for its {@link Admission}, which is the pool's own.
 *
 * @param name the pool's name
 * @param standings every engine, in the order of the configuration
 * @param pickable the engines that may be picked
 * @param selector picks among them
 * @param admission how many requests it takes
 */
public record PoolSnapshot(
        String name,
        List<EngineStanding> standings,
        List<Engine> pickable,
        EngineSelector selector,
        Admission admission) {

    /** True if some engine may be picked. */
    public boolean canServe() {
        return !pickable.isEmpty();
    }

    /** True if some engine is only left alone for a moment, as it asked for. */
    public boolean isBusy() {
        return standings.stream().anyMatch(at -> at.state() == EngineState.BUSY);
    }

    /** True if an engine may take this request once it has room. */
    public boolean mayServe(PickRequest request) {
        for (int i = 0; i < pickable.size(); i++) {
            if (request.allows(pickable.get(i))) {
                return true;
            }
        }
        return standings.stream().anyMatch(at -> at.state() == EngineState.BUSY && request.allows(at.engine()));
    }

    /** Where requests wait when {@link #pick} finds no room. */
    public WaitingRoom room() {
        return admission.room();
    }

    /**
     * Picks an engine and counts the request on it in the same step.
     *
     * @return the open ticket, or null if no engine that may take the request has room now
     */
    public @Nullable EngineTicket pick(PickRequest request) {
        EngineTicket ticket = tryPick(request);
        if (ticket == null) {
            // another may have found the pool full because of the place this pick held for a moment
            admission.room().wake();
        }
        return ticket;
    }

    /** The same, for the waiting room. */
    @Nullable
    EngineTicket tryPick(PickRequest request) {
        if (!admission.reserve()) {
            return null;
        }
        EngineTicket ticket = selector.select(request);
        if (ticket == null) {
            admission.giveBack();
        }
        return ticket;
    }

    /** True once it is known how it stands: some engine is well, or each has been probed. */
    boolean isProbed() {
        return standings.stream().anyMatch(at -> at.state() == EngineState.READY)
                || standings.stream().noneMatch(at -> at.state() == EngineState.NEW);
    }
}
