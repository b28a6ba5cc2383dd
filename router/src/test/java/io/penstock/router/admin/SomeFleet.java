package io.penstock.router.admin;

import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.fleet.StateChanges;
import java.util.ArrayList;
import java.util.List;

/** A fleet that a test sets up. Threading: the test's thread. */
final class SomeFleet implements FleetView {

    final List<EngineView> engines = new ArrayList<>();
    final List<String> drained = new ArrayList<>();
    final List<PoolView> pools = new ArrayList<>();

    @Override
    public List<EngineView> engines() {
        return List.copyOf(engines);
    }

    @Override
    public List<PoolView> pools() {
        return List.copyOf(pools);
    }

    @Override
    public List<StateChanges> stateChanges() {
        return List.of();
    }

    @Override
    public boolean drain(String engine, boolean draining) {
        boolean known = engines.stream().anyMatch(e -> e.engine().equals(engine));
        if (known) {
            drained.add(engine + " " + draining);
        }
        return known;
    }
}
