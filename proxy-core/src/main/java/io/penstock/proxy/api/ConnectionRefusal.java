package io.penstock.proxy.api;

import java.util.Locale;

/** Why a client's connection was closed before its first request. Threading: immutable. */
public enum ConnectionRefusal {
    /** What came on a port for TLS is not TLS. */
    NOT_TLS,
    /** The two sides could not agree, or the client's certificate is missing or not trusted. */
    TLS_HANDSHAKE,
    /** The TLS handshake was not complete in time. */
    TLS_TIMEOUT,
    /** What came first is no header of the PROXY protocol. */
    PROXY_HEADER,
    /** The header of the PROXY protocol was not complete in time. */
    PROXY_TIMEOUT;

    /** The name in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
