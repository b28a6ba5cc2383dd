package io.penstock.router.route;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.offload.OffloadRejectedException;
import io.penstock.router.config.RouteTokensConfig;
import io.penstock.router.config.RouteTokensConfig.Overload;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.prompt.LoadedTokenizer;
import io.penstock.router.prompt.PromptCall;
import io.penstock.router.prompt.PromptKind;
import io.penstock.router.prompt.TokenCount;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.prompt.TokenizerCounts.Outcome;
import io.penstock.router.request.InferenceRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a route does with the tokens of one request before it is admitted: counts them, refuses what is too long for the
 * model, or answers {@code /tokenize} and {@code /detokenize}. The request waits for it without a thread; when its client
 * leaves meanwhile, work that has not begun is dropped and other work stops soon.
 *
 * <p>Threading: confined to the request's loop.
 */
final class TokenStep {

    private static final Logger log = LoggerFactory.getLogger(TokenStep.class);
    private static final String JSON = "application/json";

    private final Ask ask;
    private final LoadedTokenizer by;
    private final Tokenization tokens;
    private final Promise<RouteDecision> decision;
    private final PromptCall call;

    private TokenStep(Ask ask, LoadedTokenizer by, Tokenization tokens) {
        this.ask = ask;
        this.by = by;
        this.tokens = tokens;
        this.decision = ask.request().loop().newPromise();
        this.call = new PromptCall(
                ask.request(),
                ask.path(),
                ask.model(),
                ask.labels().model(),
                ask.engine(),
                ask.wants(),
                decision::isCancelled);
    }

    /**
     * One request, and where it goes.
     *
     * @param path its plain path
     * @param model the model as its engine knows it, or null
     * @param wants what its route does with tokens
     * @param pool whose engines it may go to
     * @param labels what it is counted under
     * @param requester whose it is
     * @param limits what an answer of the router itself tells of limits
     */
    record Ask(
            RoutingRequest request,
            String path,
            InferenceRequest inference,
            @Nullable String model,
            RouteTokensConfig wants,
            PoolSnapshot pool,
            RouteLabels labels,
            Requester requester,
            HeaderEdits limits) {

        /** The same, told these limits. */
        Ask within(HeaderEdits told) {
            return new Ask(request, path, inference, model, wants, pool, labels, requester, told);
        }

        /** Some engine that may be asked for its tokens. */
        @Nullable
        Endpoint engine() {
            List<Engine> pickable = pool.pickable();
            return pickable.isEmpty()
                    ? null
                    : pickable.get(Math.floorMod(request.head().requestId().hashCode(), pickable.size()))
                            .endpoint();
        }

        boolean isTokenize() {
            return wants.endpoints()
                    && HttpMethod.POST.equals(request.head().method())
                    && (path.equals("/tokenize") || path.equals("/detokenize"));
        }

        Future<RouteDecision> rejected(ProxyFailure why) {
            return request.loop().newSucceededFuture(new RouteDecision.Reject(why, labels, limits, requester));
        }
    }

    /** Goes on with {@code next} when everything is known of the tokens of a request that its route wants to know. */
    static Future<RouteDecision> before(
            Ask ask, Tokenization tokens, Function<PromptTokens, Future<RouteDecision>> next) {
        boolean tokenizes = ask.isTokenize();
        boolean counts = ask.inference().prompt() != null
                && tokens.counts(ask.wants(), ask.labels().pool());
        LoadedTokenizer by =
                tokenizes || counts ? tokens.find(ask.wants(), ask.labels().pool(), ask.model()) : null;
        if (by == null) {
            return next.apply(PromptTokens.estimated(ask.inference()));
        }
        TokenStep step = new TokenStep(ask, by, tokens);
        return tokenizes ? step.answer(next) : step.count(next);
    }

    private Future<RouteDecision> count(Function<PromptTokens, Future<RouteDecision>> next) {
        Future<TokenCount> count = tokens.count(by, call);
        return after(count, () -> counted(count, next));
    }

    private Future<RouteDecision> answer(Function<PromptTokens, Future<RouteDecision>> next) {
        Future<byte[]> answer = tokens.answer(by, call);
        return after(answer, () -> answered(answer, next));
    }

    /** What is decided when the work is done. */
    private interface Then {
        Future<RouteDecision> decide();
    }

    private Future<RouteDecision> after(Future<?> work, Then then) {
        if (work.isDone()) {
            return then.decide();
        }
        decision.addListener(done -> {
            if (decision.isCancelled()) {
                work.cancel(false);
            }
        });
        work.addListener(done -> {
            // a client that left meanwhile has taken its body with it
            if (!decision.isCancelled()) {
                follow(then);
            }
        });
        return decision;
    }

    private void follow(Then then) {
        try {
            Decisions.follow(decision, then.decide());
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    private Future<RouteDecision> counted(Future<TokenCount> done, Function<PromptTokens, Future<RouteDecision>> next) {
        if (!done.isSuccess()) {
            return uncounted(done.cause(), next);
        }
        TokenCount count = done.getNow();
        int longest = ask.wants().maxModelLen();
        PromptKind kind = PromptKind.of(ask.path());
        if (longest > 0 && kind.isLimited() && count.exceeds(longest, kind.generates())) {
            by.counts().count(Outcome.TOO_LONG);
            return ask.rejected(Refusals.promptTooLong(count, longest));
        }
        return next.apply(PromptTokens.counted(count, ask.wants().rateLimits(), ask.inference()));
    }

    private Future<RouteDecision> uncounted(Throwable cause, Function<PromptTokens, Future<RouteDecision>> next) {
        if (cause instanceof OffloadRejectedException) {
            if (ask.wants().onOverload() == Overload.REJECT) {
                by.counts().count(Outcome.REJECTED);
                return ask.rejected(Refusals.tokenizersBusy());
            }
            by.counts().count(Outcome.SKIPPED);
        } else {
            by.counts().count(Outcome.FAILED);
            log.debug("the tokens of a request were not counted", cause);
        }
        return next.apply(PromptTokens.estimated(ask.inference()));
    }

    private Future<RouteDecision> answered(Future<byte[]> done, Function<PromptTokens, Future<RouteDecision>> next) {
        if (done.isSuccess() && done.getNow().length > 0) {
            by.counts().count(Outcome.ANSWERED);
            var answer = new RouteDecision.Answer(200, JSON, Unpooled.wrappedBuffer(done.getNow()), ask.labels());
            ask.limits().apply(answer.headers());
            return ask.request().loop().newSucceededFuture(answer);
        }
        if (done.cause() instanceof ProxyFailure refusal) {
            return ask.rejected(refusal);
        }
        return done.isSuccess() ? next.apply(PromptTokens.estimated(ask.inference())) : uncounted(done.cause(), next);
    }
}
