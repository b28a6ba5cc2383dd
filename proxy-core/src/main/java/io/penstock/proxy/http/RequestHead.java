package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The head of one client request, the same for every HTTP version. The headers are the client's own, untouched.
 * Threading: immutable by agreement; nobody writes to {@link #headers()} after the front made this value.
 *
 * @param method the request method
 * @param uri the request target in origin form, with its query, as the client sent it
 * @param headers the client's headers
 * @param origin who is at the other end of the client's connection
 * @param requestId the client's {@code x-request-id}, or a fresh one; returned to the client
 * @param receivedNanos when the head was complete, on the {@code Ticker}
 */
public record RequestHead(
        HttpMethod method, String uri, HttpHeaders headers, ClientOrigin origin, String requestId, long receivedNanos) {

    /** A request of a peer at {@code client} that no proxy is trusted for, over {@code http} or {@code https}. */
    public RequestHead(
            HttpMethod method,
            String uri,
            HttpHeaders headers,
            SocketAddress client,
            String scheme,
            String requestId,
            long receivedNanos) {
        this(
                method,
                uri,
                headers,
                new ClientOrigin(client, scheme.equals("https"), Networks.NONE),
                requestId,
                receivedNanos);
    }

    /** The address of the peer: the client, or the last proxy before this router. */
    public SocketAddress client() {
        return origin.address();
    }

    /**
     * The IP address of the client itself: the peer's, or, when that is a trusted proxy, what it says in {@code
     * X-Forwarded-For}. Looked for anew at each call. Null if the peer has no IP address.
     */
    public @Nullable InetAddress clientAddress() {
        return ForwardedHeaders.client(headers, origin);
    }

    /** {@code http} or {@code https}: how the peer speaks to this router. */
    public String scheme() {
        return origin.scheme();
    }

    /** The target without its query. */
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
