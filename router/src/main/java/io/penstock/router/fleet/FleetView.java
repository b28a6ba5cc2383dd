package io.penstock.router.fleet;

import java.util.List;

/** What metrics and the admin port may see of the fleet. Threading: any thread; never blocks. */
public interface FleetView {

    /** Every engine of every pool, in the order of the configuration, then those that were removed and still have requests. */
    List<EngineView> engines();

    /** Every pool, in the order of the configuration, then those that were removed and still have requests. */
    List<PoolView> pools();

    /** How often engines came into which state, and why, since the start. */
    List<StateChanges> stateChanges();

    /** True once it is known how every pool is and some pool can serve: one that is dead must not take the others along. */
    default boolean ready() {
        List<PoolView> pools = pools();
        return pools.stream().allMatch(PoolView::probed)
                && pools.stream().anyMatch(pool -> pool.takesRequests() && pool.canServe());
    }

    /** Sets or ends the draining of every engine with this name; false if there is none. */
    boolean drain(String engine, boolean draining);
}
