package io.penstock.proxy.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client connection, known once it is ready for requests. Threading: immutable.
 *
 * @param address the address of the peer; where the PROXY protocol is spoken, the one it announced
 * @param secure true if the connection is encrypted
 * @param trustedProxies the networks whose forwarded headers are believed
 */
public record ClientOrigin(SocketAddress address, boolean secure, Networks trustedProxies) {

    /** {@code http} or {@code https}. */
    public String scheme() {
        return secure ? "https" : "http";
    }

    /** The IP address of the peer, or null if it has none. */
    public @Nullable InetAddress ip() {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    /** True if the peer is a proxy whose forwarded headers are believed. */
    public boolean isTrustedProxy() {
        InetAddress ip = ip();
        return ip != null && trustedProxies.contains(ip);
    }

    /** The same connection, now encrypted. */
    public ClientOrigin secured() {
        return new ClientOrigin(address, true, trustedProxies);
    }

    /** The same connection, made on behalf of another address. */
    public ClientOrigin onBehalfOf(SocketAddress client) {
        return new ClientOrigin(client, secure, trustedProxies);
    }
}
