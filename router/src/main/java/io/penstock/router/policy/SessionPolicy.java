package io.penstock.router.policy;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;

/**
 * Keeps every session on one engine, where its prefix cache is warm, for as long as that engine has room. See
 * {@link SessionSelector} for the rules.
 *
 * <p>Threading: immutable, but for the {@link SessionMemory}.
 */
final class SessionPolicy implements RoutingPolicy {

    private final LoadBound bound;
    private final RoutingPolicy fallback;
    private final SessionMemory memory;

    /** Takes {@code fallback} for requests without a session. */
    SessionPolicy(LoadBound bound, RoutingPolicy fallback, SessionMemory memory) {
        this.bound = bound;
        this.fallback = fallback;
        this.memory = memory;
    }

    @Override
    public EngineSelector selector(List<Engine> pickable) {
        return new SessionSelector(pickable, bound, fallback.selector(pickable), memory);
    }

    @Override
    public void controlTidy() {
        memory.controlTidy();
        fallback.controlTidy();
    }

    @Override
    public void controlRetire() {
        memory.controlRetire();
    }
}
