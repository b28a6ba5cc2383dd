package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine after the other, whatever their load. The rotation goes on over snapshots, so that frequent changes of the
 * fleet do not favour the first engine.
 *
 * <p>Threading: counter.
 */
final class RoundRobin implements RoutingPolicy {

    private final Rotation rotation;

    RoundRobin() {
        this(0);
    }

    RoundRobin(int first) {
        this.rotation = new Rotation(first);
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        return request -> select(pickable, request);
    }

    private @Nullable EngineTicket select(List<Engine> engines, PickRequest request) {
        int size = engines.size();
        int start = size == 0 ? 0 : rotation.nextOf(size);
        for (int i = 0; i < size; i++) {
            Engine engine = engines.get((start + i) % size);
            EngineTicket ticket = request.allows(engine) ? engine.admit() : null;
            if (ticket != null) {
                return ticket;
            }
        }
        return null;
    }
}
