package io.penstock.proxy.api;

import org.jspecify.annotations.Nullable;

/**
 * Follows one exchange from its head to its end, such as for a distributed trace. Threading: called on the client's event loop;
 * must not block or throw.
 */
public interface ExchangeTrace {

    /** Follows nothing. */
    ExchangeTrace NONE = new ExchangeTrace() {};

    /** The id of the trace that the exchange belongs to, for logs; null without one. */
    default @Nullable String traceId() {
        return null;
    }

    /**
     * An engine is going to be asked.
     *
     * @param endpoint the engine
     * @param labels the names the request is counted under
     * @param number which attempt it is, counted from 1
     */
    default AttemptTrace attempt(Endpoint endpoint, RouteLabels labels, int number) {
        return AttemptTrace.NONE;
    }

    /**
     * An engine is going to be asked for something that the client's answer does not come from. May end after the exchange.
     *
     * @param leg what is sent to which engine
     */
    default AttemptTrace leg(EngineLeg leg) {
        return AttemptTrace.NONE;
    }

    /** The exchange is over, and every attempt was before; legs may go on. */
    default void ended(ExchangeSummary summary) {}
}
