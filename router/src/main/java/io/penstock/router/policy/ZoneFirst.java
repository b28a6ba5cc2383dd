package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;

/**
 * Another policy over the engines of the router's own zone, and over the others only while none of those takes the request. A
 * session has a home in each zone then, and goes home as soon as there is room.
 *
 * <p>Threading: as that policy.
 */
final class ZoneFirst implements RoutingPolicy {

    private final RoutingPolicy policy;
    private final String zone;

    ZoneFirst(RoutingPolicy policy, String zone) {
        this.policy = policy;
        this.zone = zone;
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        List<Engine> near = pickable.stream().filter(this::isNear).toList();
        if (near.isEmpty() || near.size() == pickable.size()) {
            return policy.selector(pickable);
        }
        EngineSelector first = policy.selector(near);
        EngineSelector then = policy.selector(
                pickable.stream().filter(engine -> !isNear(engine)).toList());
        return request -> {
            EngineTicket ticket = first.select(request);
            return ticket == null ? then.select(request) : ticket;
        };
    }

    private boolean isNear(Engine engine) {
        return zone.equals(engine.zone());
    }

    @Override
    public void controlTidy() {
        policy.controlTidy();
    }

    @Override
    public void controlRetire() {
        policy.controlRetire();
    }
}
