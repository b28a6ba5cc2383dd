package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two engines by lot, and of them the one with fewer requests: nearly as even as {@link LeastRequests}, at the cost of
 * two looks however large the pool is, and without every router choosing the same engine at the same moment.
 *
 * <p>Threading: immutable.
 */
final class PowerOfTwo implements RoutingPolicy {

    private final IntUnaryOperator randomBelow;

    /** Draws lots from {@code randomBelow}, which answers 0 up to but not including what it is given. */
    PowerOfTwo(IntUnaryOperator randomBelow) {
        this.randomBelow = randomBelow;
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        return request -> select(allowed(pickable, request), request);
    }

    private static List<Engine> allowed(List<Engine> engines, PickRequest request) {
        if (request.excluded().isEmpty()) {
            return engines;
        }
        List<Engine> left = new ArrayList<>(engines);
        left.removeAll(request.excluded());
        return left;
    }

    private @Nullable EngineTicket select(List<Engine> engines, PickRequest request) {
        int size = engines.size();
        if (size == 0) {
            return null;
        }
        if (size == 1) {
            return engines.get(0).admit(request);
        }
        int one = randomBelow.applyAsInt(size);
        int other = randomBelow.applyAsInt(size - 1);
        EngineTicket ticket = lessLoaded(engines.get(one), engines.get(other < one ? other : other + 1), request);
        return ticket == null ? nextWithRoom(engines, one, request) : ticket;
    }

    private static @Nullable EngineTicket lessLoaded(Engine one, Engine other, PickRequest request) {
        while (true) {
            int ofOne = one.inFlight();
            int ofOther = other.inFlight();
            boolean oneHasRoom = one.hasRoom();
            boolean otherHasRoom = other.hasRoom();
            if (!oneHasRoom && !otherHasRoom) {
                return null;
            }
            boolean takesOne = oneHasRoom && (!otherHasRoom || ofOne <= ofOther);
            EngineTicket ticket = takesOne ? one.admitAt(ofOne, request) : other.admitAt(ofOther, request);
            if (ticket != null) {
                return ticket;
            }
        }
    }

    /** Neither of the two had room, which is no reason to refuse while a third has. */
    private static @Nullable EngineTicket nextWithRoom(List<Engine> engines, int start, PickRequest request) {
        EngineTicket ticket = null;
        for (int i = 0; ticket == null && i < engines.size(); i++) {
            ticket = engines.get((start + i) % engines.size()).admit(request);
        }
        return ticket;
    }
}
