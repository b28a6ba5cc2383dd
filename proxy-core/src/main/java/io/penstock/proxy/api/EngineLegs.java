package io.penstock.proxy.api;

import io.netty.util.concurrent.Future;

/**
 * Sends legs of one client's request. Given to the router with the request. Threading: confined to the request's loop.
 */
@FunctionalInterface
public interface EngineLegs {

    /** For requests that did not come through the proxy: sends nothing. */
    EngineLegs NONE = leg -> {
        throw new IllegalStateException("no legs can be sent for this request");
    };

    /**
     * Sends a leg. Only while the router owes a decision, the first or one of {@link RoutePlan#reroute}, or in
     * {@link RoutePlan#over}; the leg itself may go on after it. From the first leg on the time of the plan runs, and its heartbeat
     * beats.
     *
     * @return the whole answer whatever its status, on the request's loop; or the {@link io.penstock.proxy.failure.ProxyFailure}
     *     that came instead, after one more try where a pooled connection had died. The ticket is ended before. Cancelling it ends
     *     the leg at once, so that the engine stops.
     */
    Future<LegAnswer> send(EngineLeg leg);
}
