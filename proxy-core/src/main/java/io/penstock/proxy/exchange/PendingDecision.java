package io.penstock.proxy.exchange;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange asked the router and has no answer to yet. Whatever the router does, fail or throw, the exchange hears of it
 * once. Threading: loop-confined.
 */
@LoopConfined
final class PendingDecision {

    private final Exchange exchange;

    private @Nullable Future<RouteDecision> asked;

    PendingDecision(Exchange exchange) {
        this.exchange = exchange;
    }

    void ask(Supplier<Future<RouteDecision>> question) {
        Future<RouteDecision> decision = answerTo(question);
        if (decision.isDone()) {
            tell(decision);
        } else {
            asked = decision;
            decision.addListener(done -> tell(decision));
        }
    }

    private Future<RouteDecision> answerTo(Supplier<Future<RouteDecision>> question) {
        try {
            return question.get();
        } catch (RuntimeException | Error e) {
            return exchange.client().loop().newFailedFuture(e);
        }
    }

    private void tell(Future<RouteDecision> decision) {
        Loops.assertIn(exchange.client().loop());
        asked = null;
        if (decision.isSuccess()) {
            exchange.decided(decision.getNow());
        } else {
            exchange.undecided(decision.cause());
        }
    }

    /** Nobody waits any more. */
    void cancel() {
        if (asked != null) {
            asked.cancel(false);
        }
    }

    /** Undoes a decision that came when nobody waited for it any more. */
    static void discard(RouteDecision decision) {
        if (decision instanceof RouteDecision.Forward forward) {
            Attempt.end(forward.ticket(), AttemptEnd.unused());
        } else if (decision instanceof RouteDecision.Answer answer) {
            answer.body().release();
        }
    }
}
