package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.router.access.Admission;
import java.util.function.Supplier;

/**
 * A request that was admitted by this router's limits and waits for what all routers together say. Threading: pure functions,
 * called on event loops.
 */
final class Confirmation {

    private Confirmation() {}

    /** Goes on with {@code next} when it is known; not for a client that left meanwhile, whose admission is withdrawn. */
    static Future<RouteDecision> before(
            Future<Admission> confirmed, EventExecutor loop, Supplier<Future<RouteDecision>> next) {
        if (confirmed.isDone()) {
            return next.get();
        }
        Promise<RouteDecision> decision = loop.newPromise();
        decision.addListener(done -> {
            if (decision.isCancelled()) {
                confirmed.cancel(false);
            }
        });
        confirmed.addListener(done -> {
            // a client that left meanwhile has taken its body with it
            if (!decision.isCancelled()) {
                follow(decision, next);
            }
        });
        return decision;
    }

    private static void follow(Promise<RouteDecision> decision, Supplier<Future<RouteDecision>> next) {
        try {
            Decisions.follow(decision, next.get());
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }
}
