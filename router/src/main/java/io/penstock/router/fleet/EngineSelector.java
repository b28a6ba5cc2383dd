package io.penstock.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Picks engines out of one pool snapshot; built with the snapshot by a {@link RoutingPolicy}. Threading: called on every
 * event loop at once; never blocks.
 */
@FunctionalInterface
public interface EngineSelector {

    /**
     * Picks an engine and counts the request on it in the same step.
     *
     * @return the open ticket, or null if no engine of the snapshot is left for this request
     */
    @Nullable
    EngineTicket select(PickRequest request);
}
