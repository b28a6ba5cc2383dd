package io.penstock.proxy.api;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;

/**
 * Told of what happens on the data plane; metrics and access logs are made from it. Every method has an empty default.
 * Threading: called on event loops, from several at once; must not block or throw.
 */
public interface ProxyObserver {

    /** Observes nothing. */
    ProxyObserver NONE = new ProxyObserver() {};

    /** A client connection is ready for requests, or turned out to speak this protocol. */
    default void clientConnected(ClientProtocol protocol) {}

    /** A client connection ended, or turned out to speak another protocol than this. */
    default void clientDisconnected(ClientProtocol protocol) {}

    /** A client broke the rules of its protocol, or the bounds that keep one client from costing too much. */
    default void clientProtocolError(ClientProtocolError kind) {}

    /** A client's connection was closed before its first request; it was never told as connected. */
    default void clientRefused(ConnectionRefusal why) {}

    /** A client reached a limit. */
    default void clientLimited(ClientLimit limit) {}

    /** A request head arrived; exactly one {@link #exchangeEnded} follows. */
    default void exchangeBegan(RequestHead head) {}

    /** Asked for each request head, before {@link #exchangeBegan}: whoever follows the exchange step by step, if anybody does. */
    default ExchangeTrace trace(RequestHead head) {
        return ExchangeTrace.NONE;
    }

    /** The request was answered, refused, cut or abandoned. */
    default void exchangeEnded(ExchangeSummary summary) {}

    /** A stream whose events were held is over; told just before its {@link #exchangeEnded}. */
    default void streamFlushed(RouteLabels labels, StreamFlushes flushes) {}

    /** An attempt failed before the first response byte and another engine will be tried. */
    default void retried(RouteLabels labels, Endpoint failed, FailureKind why) {}

    /** A connection to an engine was established after so many nanoseconds. */
    default void upstreamConnected(Endpoint endpoint, Endpoint.Protocol protocol, long connectNanos) {}

    /** No connection to an engine could be established. */
    default void upstreamConnectFailed(Endpoint endpoint, FailureKind why) {}

    /** A connection to an engine ended. */
    default void upstreamDisconnected(Endpoint endpoint) {}

    /** A pooled connection became idle. */
    default void upstreamIdle(Endpoint endpoint) {}

    /** An idle pooled connection was taken or ended. */
    default void upstreamIdleEnded(Endpoint endpoint) {}
}
