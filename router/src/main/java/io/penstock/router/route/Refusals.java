package io.penstock.router.route;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.Units;
import io.penstock.router.fleet.EngineStanding;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.prompt.TokenCount;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The texts of what routing refuses. They name models and pools, never engines' addresses. Threading: any thread. */
final class Refusals {

    private static final int MAX_MODELS_NAMED = 20;
    private static final int MAX_NAME_CHARS = 128;

    /** Engines are probed every couple of seconds, so that a client gains nothing by asking sooner. */
    private static final int RETRY_AFTER_SECONDS = 2;

    private Refusals() {}

    static ProxyFailure unknownPath(String path) {
        return ProxyFailure.of(
                FailureKind.PATH_NOT_FOUND,
                "There is no '" + shown(path)
                        + "' here. Paths that exist are those of the OpenAI API, such as /v1/chat/completions"
                        + " and /v1/models.");
    }

    static ProxyFailure wrongMethod(String method, String allowed) {
        return ProxyFailure.of(
                        FailureKind.METHOD_NOT_ALLOWED,
                        "The method " + shown(method) + " is not allowed here; allowed: " + allowed + ".")
                .allowing(allowed);
    }

    static ProxyFailure unknownModel(String model, Collection<String> existing) {
        return ProxyFailure.of(
                FailureKind.MODEL_NOT_FOUND,
                "The model '" + shown(model) + "' does not exist. Models that exist: " + listed(existing) + ".");
    }

    static ProxyFailure missingModel(Collection<String> existing) {
        return ProxyFailure.of(
                FailureKind.BAD_REQUEST,
                "The request names no model, which would tell which pool it is for. Models that exist: "
                        + listed(existing) + ". A route may send this path to one pool without a model.");
    }

    static ProxyFailure modelsNotLearned() {
        return ProxyFailure.of(
                        FailureKind.NO_ENGINE,
                        "It is not known yet which pool serves this model: engines have not listed their models.")
                .retryAfter(RETRY_AFTER_SECONDS);
    }

    static ProxyFailure noEngine(PoolSnapshot pool) {
        return ProxyFailure.of(
                        FailureKind.NO_ENGINE,
                        "No engine of pool '" + pool.name() + "' can take this request now: " + states(pool) + ".")
                .retryAfter(RETRY_AFTER_SECONDS);
    }

    /** A limit was reached or every engine wants to be left alone, and nobody else may wait. */
    static ProxyFailure roomFull(PoolSnapshot pool, PickRequest request, long nowNanos) {
        String why = mayBeAsked(pool, request)
                ? "Pool '" + pool.name() + "' holds as many requests as it may: "
                : "No engine of pool '" + pool.name() + "' takes requests now: ";
        return ProxyFailure.of(
                        FailureKind.OVERLOADED, why + states(pool) + "; and no more may wait: send it again later.")
                .retryAfter(retryAfterSeconds(pool, request, nowNanos));
    }

    private static boolean mayBeAsked(PoolSnapshot pool, PickRequest request) {
        return pool.pickable().stream().anyMatch(request::allows);
    }

    /** Where no engine may be asked, when the first of them may be. */
    private static int retryAfterSeconds(PoolSnapshot pool, PickRequest request, long nowNanos) {
        if (mayBeAsked(pool, request)) {
            return RETRY_AFTER_SECONDS;
        }
        long nanos = pool.standings().stream()
                .filter(at -> at.state() == EngineState.BUSY || at.state() == EngineState.EJECTED)
                .filter(at -> request.allows(at.engine()))
                .mapToLong(at -> at.backNanos() - nowNanos)
                .min()
                .orElse(TimeUnit.SECONDS.toNanos(RETRY_AFTER_SECONDS));
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }

    /** Its time was over before an engine could be asked. */
    static ProxyFailure timeOver() {
        return ProxyFailure.of(
                FailureKind.TOTAL_TIMEOUT,
                "The time that its route or its " + ClientTerms.TIMEOUT
                        + " allows was over before the request could be sent to an engine.");
    }

    /** It was not sent to any engine, and nothing is wrong with the router: 429, as when the room is full. */
    static ProxyFailure waitedTooLong(PoolSnapshot pool, WaitEnd why) {
        String limit = why == WaitEnd.CLIENT_TIMEOUT
                ? "the time that its route or its " + ClientTerms.TIMEOUT + " allows"
                : Units.text(pool.room().maxWait());
        return ProxyFailure.of(
                        FailureKind.OVERLOADED,
                        "No engine of pool '" + pool.name() + "' had room for this request within " + limit
                                + ": send it again later.")
                .retryAfter(RETRY_AFTER_SECONDS);
    }

    /** In the words of OpenAI, which clients look for. */
    static ProxyFailure promptTooLong(TokenCount count, long maxModelLen) {
        String prompt = count.longest() > maxModelLen ? "at least " + count.longest() : Long.toString(count.longest());
        String asked = count.asked() > 0
                ? "you requested " + prompt + " tokens in the prompt and " + count.asked() + " in the completion"
                : "your prompt has " + prompt + " tokens, and there is no room for a completion";
        return ProxyFailure.of(
                FailureKind.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is " + maxModelLen + " tokens. However, " + asked
                        + ". Please reduce the length of the prompt or of the completion.");
    }

    /** Too many prompts wait to be tokenized. */
    static ProxyFailure tokenizersBusy() {
        return ProxyFailure.of(FailureKind.OVERLOADED, "Too many prompts wait to be tokenized: send it again later.")
                .retryAfter(RETRY_AFTER_SECONDS);
    }

    private static String states(PoolSnapshot pool) {
        Map<EngineState, Integer> counts = new EnumMap<>(EngineState.class);
        for (EngineStanding standing : pool.standings()) {
            counts.merge(standing.state(), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().label())
                .collect(Collectors.joining(", "));
    }

    private static String listed(Collection<String> names) {
        if (names.isEmpty()) {
            return "none yet";
        }
        String first =
                names.stream().limit(MAX_MODELS_NAMED).map(Refusals::shown).collect(Collectors.joining(", "));
        int more = names.size() - MAX_MODELS_NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /** What a client sent, cut short and without control characters. */
    private static String shown(String text) {
        String cut = text.length() <= MAX_NAME_CHARS ? text : text.substring(0, MAX_NAME_CHARS) + "...";
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
