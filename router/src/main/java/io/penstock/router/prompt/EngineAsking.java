package io.penstock.router.prompt;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.router.prompt.TokenizerCounts.Outcome;

/**
 * Counts one request by asking an engine: the question is made off the event loop, then sent, and the answer is read where it
 * arrives. Threading: confined to the request's loop.
 */
final class EngineAsking {

    private EngineAsking() {}

    /** The count, when the question is made and answered; it fails where the making of the question does. */
    static Future<TokenCount> count(
            LoadedTokenizer by, PromptCall call, EngineTokenizer engines, Future<EngineQuestion> made) {
        Promise<TokenCount> count = call.request().loop().newPromise();
        count.addListener(done -> {
            if (count.isCancelled()) {
                made.cancel(false);
            }
        });
        made.addListener(done -> {
            if (!made.isSuccess()) {
                count.tryFailure(made.cause());
            } else if (!count.isCancelled()) {
                ask(by, call, engines, made.getNow(), count);
            }
        });
        return count;
    }

    private static void ask(
            LoadedTokenizer by,
            PromptCall call,
            EngineTokenizer engines,
            EngineQuestion question,
            Promise<TokenCount> count) {
        Endpoint engine = call.engine();
        if (engine == null || !question.mustBeAsked()) {
            found(by, question.unasked(call.enough()), count);
            return;
        }
        Future<Long> answer =
                engines.count(by.name(), engine, question.json(), call.request().loop());
        count.addListener(done -> {
            if (count.isCancelled()) {
                answer.cancel(false);
            }
        });
        answer.addListener(done -> {
            if (!count.isCancelled()) {
                TokenCount found = answer.isSuccess()
                        ? question.answered(answer.getNow(), call.enough())
                        : question.unasked(call.enough());
                found(by, found, count);
            }
        });
    }

    private static void found(LoadedTokenizer by, TokenCount found, Promise<TokenCount> count) {
        by.counts().count(found.exact() ? Outcome.COUNTED : Outcome.ESTIMATED);
        by.counts().addTokens(found.total());
        count.trySuccess(found);
    }
}
