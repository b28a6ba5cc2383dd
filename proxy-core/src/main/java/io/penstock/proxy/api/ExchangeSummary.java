package io.penstock.proxy.api;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * One finished exchange. Threading: immutable.
 *
 * @param head the request head
 * @param protocol the HTTP version of the client's connection
 * @param requester whose request it was, as far as the router knows
 * @param labels the names it is counted under
 * @param endpoint the engine that answered or failed last, or null if none was asked
 * @param status the status the client received, or 499 if it left before the head
 * @param failure what failed, or null
 * @param attempts how many engines were asked
 * @param requestBytes bytes of the request body
 * @param responseBytes bytes of the response body that were passed to the client's connection
 * @param timing where the time went
 * @param learned what became known of it on the way
 */
public record ExchangeSummary(
        RequestHead head,
        ClientProtocol protocol,
        Requester requester,
        RouteLabels labels,
        @Nullable Endpoint endpoint,
        int status,
        @Nullable FailureKind failure,
        int attempts,
        long requestBytes,
        long responseBytes,
        Timing timing,
        Learned learned) {

    /**
     * What not every exchange tells.
     *
     * @param promptTokens how many tokens its prompt has, counted; -1 if nobody counted
     * @param traceId the trace it was followed in, or null
     * @param usage the tokens it took, or null if the answer did not tell
     * @param events when the events of a stream came, or null if the answer was none
     */
    public record Learned(
            long promptTokens,
            @Nullable String traceId,
            @Nullable TokenUsage usage,
            @Nullable EventTimes events) {

        /** Nobody counted, nobody followed it, and the answer told nothing. */
        public static final Learned NOTHING = new Learned(-1, null, null, null);
    }

    /**
     * Durations in nanoseconds.
     *
     * @param total from the request head to the end
     * @param firstByte from the request's last byte to the first response body byte towards the client, or -1
     * @param connect waited for a connection, over all attempts
     * @param added the router's own share of the time to the first byte: deciding, sending and relaying, without waiting
     *     for connections and engines; -1 if no response came
     * @param queue waited for room on an engine
     */
    public record Timing(long total, long firstByte, long connect, long added, long queue) {}
}
