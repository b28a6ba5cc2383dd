package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine with the fewest requests of this router. Among equals the search begins at a place that moves on with every
 * pick, so that none is favoured.
 *
 * <p>The count is raised only if it is still the one that was compared. Between the look and the raise the others can
 * only have grown by other picks, so a burst over idle engines spreads evenly to one request, on however many loops it
 * arrives; a pick that lost the race looks again, and it lost only because another pick was made.
 *
 * <p>Threading: counter; lock-free.
 */
final class LeastRequests implements RoutingPolicy {

    private final Rotation rotation;

    LeastRequests() {
        this(0);
    }

    LeastRequests(int first) {
        this.rotation = new Rotation(first);
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        return request -> select(pickable, request);
    }

    private @Nullable EngineTicket select(List<Engine> engines, PickRequest request) {
        int size = engines.size();
        int start = size == 0 ? 0 : rotation.nextOf(size);
        while (true) {
            Engine least = null;
            int fewest = Integer.MAX_VALUE;
            for (int i = 0; i < size; i++) {
                Engine engine = engines.get((start + i) % size);
                int inFlight = engine.inFlight();
                if (inFlight < fewest && engine.hasRoom() && request.allows(engine)) {
                    least = engine;
                    fewest = inFlight;
                }
            }
            EngineTicket ticket = least == null ? null : least.admitAt(fewest, request);
            if (least == null || ticket != null) {
                return ticket;
            }
        }
    }
}
