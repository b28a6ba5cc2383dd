package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.Caller;
import java.util.function.Function;

/**
 * Finds out who sent a request before it is routed. That is known at once unless a token has to be verified; then the
 * request waits, without a thread. Threading: pure functions, called on event loops.
 */
final class Identification {

    private Identification() {}

    /** Routes a request by {@code next} once it is known who sent it. */
    static Future<RouteDecision> route(
            RoutingRequest request, AccessControl access, Function<Caller, Future<RouteDecision>> next) {
        Future<Caller> caller = access.identify(request.head().headers(), request.loop());
        if (caller.isSuccess()) {
            return next.apply(caller.getNow());
        }
        Promise<RouteDecision> decision = request.loop().newPromise();
        caller.addListener(done -> {
            // a client that left meanwhile has taken its body with it
            if (!decision.isCancelled()) {
                Decisions.follow(decision, next.apply(caller.getNow()));
            }
        });
        return decision;
    }
}
