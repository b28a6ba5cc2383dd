package io.penstock.proxy.front;

import io.netty.handler.codec.http.HttpRequest;
import io.penstock.proxy.http.ClientOrigin;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.http.RequestIds;

/** Heads of HTTP/1.1 requests in the form that all versions share. Threading: pure functions. */
final class Http1Heads {

    private Http1Heads() {}

    /** The head of a request of this client. */
    static RequestHead of(ClientOrigin origin, HttpRequest request, long receivedNanos) {
        return new RequestHead(
                request.method(),
                request.uri(),
                request.headers(),
                origin,
                RequestIds.of(request.headers()),
                receivedNanos);
    }
}
