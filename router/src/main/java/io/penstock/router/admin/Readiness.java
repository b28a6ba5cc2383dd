package io.penstock.router.admin;

import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Whether the router should be sent requests, and why not. Threading: any thread; reads only.
 */
final class Readiness {

    private final FleetView fleet;
    private final BooleanSupplier draining;

    Readiness(FleetView fleet, BooleanSupplier draining) {
        this.fleet = fleet;
        this.draining = draining;
    }

    /** True while the router takes requests and every pool can serve one. */
    boolean ready() {
        return !draining.getAsBoolean() && fleet.ready();
    }

    /** 200, or 503 with the reason. */
    AdminReply reply() {
        if (draining.getAsBoolean()) {
            return AdminReply.text(503, "draining: the router is shutting down");
        }
        return fleet.ready() ? AdminReply.text(200, "ready") : AdminReply.text(503, reason());
    }

    private String reason() {
        Map<String, List<EngineView>> pools = fleet.engines().stream()
                .collect(Collectors.groupingBy(EngineView::pool, LinkedHashMap::new, Collectors.toList()));
        String stuck = pools.entrySet().stream()
                .filter(pool -> pool.getValue().stream().noneMatch(Readiness::mayBePicked))
                .map(pool -> pool.getKey() + " (" + states(pool.getValue()) + ")")
                .collect(Collectors.joining(", "));
        return stuck.isEmpty() ? "not ready: a pool has no engine" : "not ready: no engine may be picked in " + stuck;
    }

    private static boolean mayBePicked(EngineView engine) {
        return engine.state() == EngineState.READY || engine.state() == EngineState.NEW;
    }

    private static String states(List<EngineView> engines) {
        return engines.stream()
                .map(engine -> engine.engine() + " " + engine.state().label())
                .collect(Collectors.joining(", "));
    }
}
