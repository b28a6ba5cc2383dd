package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.SocketAddress;

/**
 * The head of one client request, the same for every HTTP version. The headers are the client's own, untouched.
 * Threading: immutable by agreement; nobody writes to {@link #headers()} after the front made this value.
 *
 * @param method the request method
 * @param uri the request target in origin form, with its query, as the client sent it
 * @param headers the client's headers
 * @param client the address of the client's connection
 * @param scheme {@code http} or {@code https}
 * @param requestId the client's {@code x-request-id}, or a fresh one; returned to the client
 * @param receivedNanos when the head was complete, on the {@code Ticker}
 */
public record RequestHead(
        HttpMethod method,
        String uri,
        HttpHeaders headers,
        SocketAddress client,
        String scheme,
        String requestId,
        long receivedNanos) {

    /** The target without its query. */
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
