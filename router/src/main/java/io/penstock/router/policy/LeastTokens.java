package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine with the least to do for this router: tokens of prompts whose answer has not begun, and some more for each
 * request it holds. A prompt weighs from the pick to the first byte of its answer, so that a long one keeps others away only
 * while it is worked off. Among equals the search begins at a place that moves on with every pick.
 *
 * <p>The load is raised only if it is still the one that was compared, as {@link LeastRequests} does.
 *
 * <p>Threading: counter; lock-free.
 */
final class LeastTokens implements RoutingPolicy {

    private final int perRequest;
    private final Rotation rotation;

    /** A request that is held weighs as much as so many tokens of a prompt that waits. */
    LeastTokens(int perRequest) {
        this(perRequest, 0);
    }

    LeastTokens(int perRequest, int first) {
        this.perRequest = perRequest;
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
            long load = 0;
            long lightest = Long.MAX_VALUE;
            for (int i = 0; i < size; i++) {
                Engine engine = engines.get((start + i) % size);
                long seen = engine.load();
                long weight = Engine.weight(seen, perRequest);
                if (weight < lightest && engine.hasRoom() && request.allows(engine)) {
                    least = engine;
                    load = seen;
                    lightest = weight;
                }
            }
            EngineTicket ticket = least == null ? null : least.admitAsSeen(load, request);
            if (least == null || ticket != null) {
                return ticket;
            }
        }
    }
}
