package io.penstock.proxy.api;

import io.netty.util.concurrent.Future;

/** Decides where each request goes. Implemented by whoever embeds the proxy. Threading: called on every event loop. */
@FunctionalInterface
public interface RequestRouter {

    /**
     * Decides on one request.
     *
     * <p>Called on the client's event loop with the whole request, and must not block it: work beyond some tens of
     * microseconds belongs elsewhere. The future completes on {@code request.loop()}, at once where possible. It never
     * fails: a refusal is a {@link RouteDecision.Reject}; a failed future is a defect and answered with 500. The proxy
     * cancels it when the client leaves; a router that cannot complete it any more must then end the ticket itself.
     */
    Future<RouteDecision> route(RoutingRequest request);
}
