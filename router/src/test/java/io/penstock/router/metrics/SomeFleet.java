package io.penstock.router.metrics;

import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import java.util.ArrayList;
import java.util.List;

/** A fleet that a test sets up. Threading: confined to the test. */
final class SomeFleet implements FleetView {

    final List<EngineView> engines = new ArrayList<>();

    void add(String pool, String engine, EngineState state, int inFlight, long sessions) {
        engines.add(new EngineView(pool, engine, state, inFlight, sessions, List.of("m")));
    }

    @Override
    public List<EngineView> engines() {
        return List.copyOf(engines);
    }

    @Override
    public List<PoolView> pools() {
        return List.of(new PoolView("p", true, true, engines()));
    }

    @Override
    public boolean drain(String engine, boolean draining) {
        return false;
    }
}
