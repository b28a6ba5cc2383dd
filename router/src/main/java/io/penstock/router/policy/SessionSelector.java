package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.SessionKey;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing, bounded by load.
 *
 * <p>For each session every engine has a weight, the hash of the session and the engine's name; the heaviest is the
 * session's <em>home</em>. The weights depend on nothing else, so every router finds the same home whatever the order of
 * its engines, and an engine that goes moves only the sessions it was home to, each to its second.
 *
 * <p>An engine has room while it holds fewer requests than {@code max(spillAbove, ceil(loadBound * (in flight in the
 * pool + 1) / engines))}, for which {@link LoadBound} has the reason. A home without room passes the request to the session's next engine in rank that has some. Where the
 * session went is remembered, and it stays there, as its cache is there now, until that engine has no room, may not be
 * picked, or the session was idle for {@link SessionMemory#IDLE}: then it goes home. A request sent elsewhere because
 * its home just failed is not remembered.
 *
 * <p>Threading: immutable, but for the {@link SessionMemory}; the bound is checked in the same step that counts.
 */
final class SessionSelector implements EngineSelector {

    private final List<Engine> engines;
    private final Set<Engine> pickable;
    private final LoadBound bound;
    private final EngineSelector fallback;
    private final SessionMemory memory;

    SessionSelector(List<Engine> engines, LoadBound bound, EngineSelector fallback, SessionMemory memory) {
        this.engines = engines;
        this.pickable = Set.copyOf(engines);
        this.bound = bound;
        this.fallback = fallback;
        this.memory = memory;
    }

    @Override
    public @Nullable EngineTicket select(PickRequest request) {
        SessionKey session = request.session();
        if (session == null || engines.isEmpty()) {
            return fallback.select(request);
        }
        Engine home = Objects.requireNonNull(nextInRank(session, null));
        memory.seenAt(session, home);
        int room = room();
        EngineTicket ticket = whereItSpilled(session, request, room);
        return ticket == null ? byRank(session, request, home, room) : ticket;
    }

    private int room() {
        long inFlight = 0;
        for (int i = 0; i < engines.size(); i++) {
            inFlight += engines.get(i).inFlight();
        }
        return bound.room(inFlight, engines.size());
    }

    private @Nullable EngineTicket whereItSpilled(SessionKey session, PickRequest request, int room) {
        Engine engine = memory.spilledTo(session);
        if (engine == null || !pickable.contains(engine) || !request.allows(engine)) {
            return null;
        }
        return admitWithin(engine, room, request);
    }

    private @Nullable EngineTicket byRank(SessionKey session, PickRequest request, Engine home, int room) {
        boolean homeWasFull = false;
        for (@Nullable Engine at = home; at != null; at = nextInRank(session, at)) {
            if (request.allows(at)) {
                EngineTicket ticket = admitWithin(at, room, request);
                if (ticket != null) {
                    remember(session, at, home, homeWasFull);
                    return ticket;
                }
                homeWasFull |= at == home;
            }
        }
        return fallback.select(request);
    }

    private void remember(SessionKey session, Engine at, Engine home, boolean homeWasFull) {
        if (homeWasFull) {
            memory.spill(session, at);
        } else if (at == home) {
            memory.returnedHome(session);
        }
    }

    /** The heaviest engine that is lighter than {@code last}; equal weights, which do not happen, are ordered by name. */
    private @Nullable Engine nextInRank(SessionKey session, @Nullable Engine last) {
        long below = last == null ? 0 : session.with(last.nameHash());
        Engine heaviest = null;
        long weight = 0;
        for (int i = 0; i < engines.size(); i++) {
            Engine engine = engines.get(i);
            long its = session.with(engine.nameHash());
            boolean isBelow = last == null || isHeavier(below, last, its, engine);
            if (isBelow && (heaviest == null || isHeavier(its, engine, weight, heaviest))) {
                heaviest = engine;
                weight = its;
            }
        }
        return heaviest;
    }

    private static boolean isHeavier(long weight, Engine engine, long otherWeight, Engine other) {
        int order = Long.compareUnsigned(weight, otherWeight);
        return order > 0 || (order == 0 && engine.name().compareTo(other.name()) > 0);
    }

    private static @Nullable EngineTicket admitWithin(Engine engine, int room, PickRequest request) {
        for (int inFlight = engine.inFlight(); inFlight < room && engine.hasRoom(); inFlight = engine.inFlight()) {
            EngineTicket ticket = engine.admitAt(inFlight, request);
            if (ticket != null) {
                return ticket;
            }
        }
        return null;
    }
}
