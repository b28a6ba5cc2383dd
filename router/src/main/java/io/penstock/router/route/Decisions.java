package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;

/** How one decision becomes the outcome of another. Threading: confined to the request's loop. */
final class Decisions {

    private Decisions() {}

    /** Passes a decision on, and back that nobody waits for it any more. */
    static void follow(Promise<RouteDecision> decision, Future<RouteDecision> made) {
        decision.addListener(done -> {
            if (decision.isCancelled()) {
                made.cancel(false);
            }
        });
        made.addListener(done -> {
            if (!made.isSuccess()) {
                decision.tryFailure(made.cause());
            } else if (!decision.trySuccess(made.getNow())) {
                discard(made.getNow());
            }
        });
    }

    private static void discard(RouteDecision unwanted) {
        if (unwanted instanceof RouteDecision.Forward forward) {
            forward.ticket().end(AttemptEnd.unused());
        } else if (unwanted instanceof RouteDecision.Answer answer) {
            answer.body().release();
        }
    }
}
