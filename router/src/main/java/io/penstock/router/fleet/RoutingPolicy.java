package io.penstock.router.fleet;

import java.util.List;

/**
 * How a pool's engines are picked: makes a selector for every snapshot of the pool. What must outlive a snapshot, such
 * as which sessions went where, belongs to the policy. One policy serves one pool.
 *
 * <p>Threading: called on the control plane; its selectors are used on every event loop.
 */
public interface RoutingPolicy {

    /** A selector over these engines, every one of which may be picked; possibly none. */
    EngineSelector selector(List<Engine> pickable);

    /** Called now and then, to drop what has expired. */
    default void controlTidy() {}

    /** Called when another policy has taken its place; selectors made before may still be used for a moment. */
    default void controlRetire() {}
}
