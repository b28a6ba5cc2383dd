package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.Caller;
import java.util.function.BiFunction;

/**
 * Finds out who sent a request before it is routed. That is known at once unless a token has to be verified; then the
 * request waits, without a thread. Threading: called on event loops; holds nothing of a request.
 */
final class Identification {

    private final AccessControl access;
    private final BiFunction<RoutingRequest, Caller, Future<RouteDecision>> next;

    /** Hands each request on to {@code next} with whoever sent it. */
    Identification(AccessControl access, BiFunction<RoutingRequest, Caller, Future<RouteDecision>> next) {
        this.access = access;
        this.next = next;
    }

    Future<RouteDecision> route(RoutingRequest request) {
        if (access.isOpen()) {
            return next.apply(request, Caller.ANYONE);
        }
        Future<Caller> caller = access.identify(request.head().headers(), request.loop());
        return caller.isSuccess() ? next.apply(request, caller.getNow()) : whenKnown(request, caller);
    }

    private Future<RouteDecision> whenKnown(RoutingRequest request, Future<Caller> caller) {
        Promise<RouteDecision> decision = request.loop().newPromise();
        caller.addListener(done -> {
            // a client that left meanwhile has taken its body with it
            if (!decision.isCancelled()) {
                Decisions.follow(decision, next.apply(request, caller.getNow()));
            }
        });
        return decision;
    }
}
