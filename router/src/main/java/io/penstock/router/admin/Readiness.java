package io.penstock.router.admin;

import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether the router should be sent requests, and why not. The admin port opens after the data port, so who can ask can
 * also be served. Threading: any thread; reads only.
 */
final class Readiness {

    private final FleetView fleet;
    private final BooleanSupplier draining;

    Readiness(FleetView fleet, BooleanSupplier draining) {
        this.fleet = fleet;
        this.draining = draining;
    }

    /** True while the router takes requests, knows how its pools are, and some pool can serve. */
    boolean ready() {
        return !draining.getAsBoolean() && fleet.ready();
    }

    /** 200 or 503, with the pools that cannot serve. */
    AdminReply reply() {
        if (draining.getAsBoolean()) {
            return AdminReply.text(503, "draining: the router is shutting down");
        }
        List<PoolView> pools = fleet.pools();
        String unknown = named(pools, pool -> !pool.probed());
        if (!unknown.isEmpty()) {
            return AdminReply.text(503, "not ready: the first probes are under way in " + unknown);
        }
        String stuck = named(pools, pool -> !pool.canServe());
        if (stuck.isEmpty()) {
            return AdminReply.text(200, "ready");
        }
        return pools.stream().anyMatch(pool -> pool.takesRequests() && pool.canServe())
                ? AdminReply.text(200, "ready, but no engine may be picked in " + stuck)
                : AdminReply.text(503, "not ready: no engine may be picked in " + stuck);
    }

    private static String named(List<PoolView> pools, Predicate<PoolView> which) {
        return pools.stream()
                .filter(pool -> !pool.removed())
                .filter(which)
                .map(pool -> pool.pool() + " (" + states(pool.engines()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String states(List<EngineView> engines) {
        if (engines.isEmpty()) {
            return "no engine known";
        }
        return engines.stream()
                .map(engine -> engine.engine() + " " + engine.state().label())
                .collect(Collectors.joining(", "));
    }
}
