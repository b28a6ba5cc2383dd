package io.penstock.proxy.api;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.failure.ProxyFailure;
import java.time.Duration;

/**
 * What the router decided for one request, and the way back to it when an engine fails. Made by the router for each
 * forwarded request. Threading: confined to the client's event loop.
 */
public interface RoutePlan {

    /** The names the request is counted under. */
    RouteLabels labels();

    /** Whose request it is. */
    default Requester requester() {
        return Requester.UNKNOWN;
    }

    /** The route's time limits. */
    RouteTimeouts timeouts();

    /** Changes of the headers of whatever answer the client is given, an engine's or a failure. */
    default HeaderEdits responseHeaders() {
        return HeaderEdits.NONE;
    }

    /**
     * The answer told how many tokens the request took, prompt and completion together. Called at most once, on the
     * client's event loop, and not at all if the answer did not tell; must not block or throw.
     */
    default void tokensUsed(long tokens) {}

    /**
     * A stream ended, complete or not, without telling how many tokens the request took: about so many of its completion were
     * delivered. As {@link #tokensUsed}, instead of it.
     */
    default void tokensDelivered(long tokens) {}

    /** How many tokens the request's prompt has, for whoever is told of its end; -1 if nobody counted. */
    default long promptTokens() {
        return -1;
    }

    /** Which answers may be replaced by another engine's. */
    default RetryTerms retryTerms() {
        return RetryTerms.NONE;
    }

    /**
     * How long the client still waits for its answer, which bounds waiting and further attempts.
     *
     * @param nowNanos now, on the {@code Ticker}
     * @return nanoseconds; 0 or less when it is over, {@link Long#MAX_VALUE} if the client set no limit
     */
    default long timeLeftNanos(long nowNanos) {
        return Long.MAX_VALUE;
    }

    /** Nanoseconds the request has waited for room on an engine so far, which are nobody's work. */
    default long waitedNanos() {
        return 0;
    }

    /**
     * How often the client is told with a comment that its event stream is alive, until an answer begins. From the first comment
     * on, a failure is told in the stream. Zero for never, and for requests that did not ask for a stream.
     */
    default Duration heartbeat() {
        return Duration.ZERO;
    }

    /** How many events of a stream are gathered before they are written to the client. */
    default StreamInterval streamInterval() {
        return StreamInterval.OFF;
    }

    /** Nanoseconds other engines have worked on the request so far, before the one that answers was asked. */
    default long preparedNanos() {
        return 0;
    }

    /**
     * Whether another engine may be asked after an attempt that failed before the client saw anything of an answer.
     *
     * @param failure the attempt's failure
     */
    default boolean mayReplay(ProxyFailure failure) {
        return failure.replaySafety().isSafe();
    }

    /**
     * The request is over for its client, whatever its end. Called once, on the client's event loop, for a plan that legs were sent for:
     * the last moment to send another one. Must not block or throw.
     */
    default void over() {}

    /**
     * Asks for another engine after an attempt failed in a way that allows another. The failed attempt's ticket was
     * ended before. The plan must never name an engine it named before; when it has none, or allows no further attempt,
     * it answers {@link RouteDecision.Reject} with the same failure.
     *
     * <p>Called on the client's event loop; the future completes on it, may be cancelled when the client leaves, and the
     * call itself never throws.
     */
    Future<RouteDecision> reroute(ProxyFailure cause);
}
