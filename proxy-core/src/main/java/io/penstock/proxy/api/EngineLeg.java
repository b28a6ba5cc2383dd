package io.penstock.proxy.api;

import java.time.Duration;

/**
 * A request that the router sends to an engine for a client's request, beside the one that the client's answer comes from: the
 * prefill of an answer that another engine decodes. Its method, target, headers and body are the client's, with edits.
 * Threading: as its parts.
 *
 * @param plan the plan of the client's request
 * @param purpose what it is for, in a word, for traces
 * @param endpoint the engine
 * @param ticket already open; whoever receives the leg ends it, once
 * @param edits what the engine is sent differently from what the client sent
 * @param limits in time and bytes
 */
public record EngineLeg(
        RoutePlan plan, String purpose, Endpoint endpoint, Ticket ticket, RequestEdits edits, Limits limits) {

    /**
     * What a leg may take.
     *
     * @param connect to a connection that takes requests
     * @param answer from sending the request to the last byte of its answer
     * @param keptBytes of the answer's body are kept; the rest is read and dropped
     */
    public record Limits(Duration connect, Duration answer, int keptBytes) {}
}
