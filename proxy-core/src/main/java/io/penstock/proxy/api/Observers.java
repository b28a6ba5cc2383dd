package io.penstock.proxy.api;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;

/** Tells two observers of everything, one after the other. Threading: as its observers. */
public final class Observers implements ProxyObserver {

    private final ProxyObserver first;
    private final ProxyObserver second;

    /** Tells {@code first} before {@code second}. */
    public Observers(ProxyObserver first, ProxyObserver second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void clientConnected(ClientProtocol protocol) {
        first.clientConnected(protocol);
        second.clientConnected(protocol);
    }

    @Override
    public void clientDisconnected(ClientProtocol protocol) {
        first.clientDisconnected(protocol);
        second.clientDisconnected(protocol);
    }

    @Override
    public void clientProtocolError(ClientProtocolError kind) {
        first.clientProtocolError(kind);
        second.clientProtocolError(kind);
    }

    @Override
    public void clientRefused(ConnectionRefusal why) {
        first.clientRefused(why);
        second.clientRefused(why);
    }

    @Override
    public void clientLimited(ClientLimit limit) {
        first.clientLimited(limit);
        second.clientLimited(limit);
    }

    @Override
    public void exchangeBegan(RequestHead head) {
        first.exchangeBegan(head);
        second.exchangeBegan(head);
    }

    /** The first that follows the exchange: it has one trace. */
    @Override
    public ExchangeTrace trace(RequestHead head) {
        ExchangeTrace trace = first.trace(head);
        return trace == ExchangeTrace.NONE ? second.trace(head) : trace;
    }

    @Override
    public void exchangeEnded(ExchangeSummary summary) {
        first.exchangeEnded(summary);
        second.exchangeEnded(summary);
    }

    @Override
    public void streamFlushed(RouteLabels labels, StreamFlushes flushes) {
        first.streamFlushed(labels, flushes);
        second.streamFlushed(labels, flushes);
    }

    @Override
    public void retried(RouteLabels labels, Endpoint failed, FailureKind why) {
        first.retried(labels, failed, why);
        second.retried(labels, failed, why);
    }

    @Override
    public void upstreamConnected(Endpoint endpoint, Endpoint.Protocol protocol, long connectNanos) {
        first.upstreamConnected(endpoint, protocol, connectNanos);
        second.upstreamConnected(endpoint, protocol, connectNanos);
    }

    @Override
    public void upstreamConnectFailed(Endpoint endpoint, FailureKind why) {
        first.upstreamConnectFailed(endpoint, why);
        second.upstreamConnectFailed(endpoint, why);
    }

    @Override
    public void upstreamDisconnected(Endpoint endpoint) {
        first.upstreamDisconnected(endpoint);
        second.upstreamDisconnected(endpoint);
    }

    @Override
    public void upstreamIdle(Endpoint endpoint) {
        first.upstreamIdle(endpoint);
        second.upstreamIdle(endpoint);
    }

    @Override
    public void upstreamIdleEnded(Endpoint endpoint) {
        first.upstreamIdleEnded(endpoint);
        second.upstreamIdleEnded(endpoint);
    }
}
