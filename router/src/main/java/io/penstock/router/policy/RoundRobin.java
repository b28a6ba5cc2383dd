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
 * fleet do not favour the first engine. Second attempts have a turn of their own: they neither take the turn of other
 * requests nor fall on the successor of the failed engine alone.
 *
 * <p>Threading: counter.
 */
final class RoundRobin implements RoutingPolicy {

    private final Rotation rotation;
    private final Rotation again;

    RoundRobin() {
        this(0);
    }

    RoundRobin(int first) {
        this.rotation = new Rotation(first);
        this.again = new Rotation(first);
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        return request -> select(pickable, request);
    }

    private @Nullable EngineTicket select(List<Engine> engines, PickRequest request) {
        int size = engines.size();
        Rotation turn = request.again() ? again : rotation;
        int start = size == 0 ? 0 : turn.nextOf(size);
        for (int i = 0; i < size; i++) {
            Engine engine = engines.get((start + i) % size);
            EngineTicket ticket = request.allows(engine) ? engine.admit(request) : null;
            if (ticket != null) {
                return ticket;
            }
        }
        return null;
    }
}
