package io.penstock.router.metrics;

import io.penstock.router.config.LimitsConfig;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.fleet.StateChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A fleet that a test sets up. Threading: confined to the test. */
final class SomeFleet implements FleetView {

    final List<EngineView> engines = new ArrayList<>();
    final List<StateChanges> changes = new ArrayList<>();

    void add(String pool, String engine, EngineState state, int inFlight, long sessions) {
        engines.add(new EngineView(pool, engine, state, inFlight, sessions, List.of("m")));
    }

    @Override
    public List<EngineView> engines() {
        return List.copyOf(engines);
    }

    @Override
    public List<PoolView> pools() {
        List<PoolView> pools = new ArrayList<>();
        for (String pool : engines.stream().map(EngineView::pool).distinct().toList()) {
            pools.add(new PoolView(pool, true, true, engines(), 3, new LimitsConfig(2, 7, 5, Duration.ofSeconds(10))));
        }
        return pools;
    }

    @Override
    public List<StateChanges> stateChanges() {
        return List.copyOf(changes);
    }

    @Override
    public boolean drain(String engine, boolean draining) {
        return false;
    }
}
