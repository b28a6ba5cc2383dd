package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.router.access.AccessCounts;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.access.RouteAccess;
import io.penstock.router.prompt.Tokenization;
import java.util.function.Function;

/**
 * The limits of a client and a route, where the router answers {@code /tokenize} and {@code /detokenize} itself: that is a
 * request like others, and no tokens of an engine. Where an engine answers after all, it is not charged twice.
 *
 * <p>Threading: confined to the request's loop.
 */
record TokenizeLimit(RouteAccess access, Caller caller, AccessCounts counts) {

    /** As {@link TokenStep#before}, or a refusal before anything is tokenized. */
    Future<RouteDecision> before(
            TokenStep.Ask ask, Tokenization tokens, Function<PromptTokens, Future<RouteDecision>> next) {
        if (!ask.isTokenize()) {
            return TokenStep.before(ask, tokens, next);
        }
        Admission admission = access.admit(caller, 0);
        EventExecutor loop = ask.request().loop();
        Future<Admission> confirmed = access.confirm(admission, loop);
        return confirmed == null
                ? within(admission, ask, tokens, next)
                : Confirmation.before(confirmed, loop, () -> within(admission, ask, tokens, next));
    }

    private Future<RouteDecision> within(
            Admission admission,
            TokenStep.Ask ask,
            Tokenization tokens,
            Function<PromptTokens, Future<RouteDecision>> next) {
        TokenStep.Ask limited = ask.within(admission.headers());
        if (admission.refusal() != null) {
            counts.count(caller, AccessCounts.Outcome.RATE_LIMITED);
            return limited.rejected(admission.refusal());
        }
        return TokenStep.before(limited, tokens, estimated -> {
            admission.withdraw();
            return next.apply(estimated);
        });
    }
}
