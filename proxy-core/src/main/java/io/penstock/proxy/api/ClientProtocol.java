package io.penstock.proxy.api;

import java.util.Locale;

/** Which HTTP version a client's connection speaks. Threading: immutable. */
public enum ClientProtocol {
    /** HTTP/1.1 or HTTP/1.0; also what a connection counts as that has not sent enough to tell. */
    HTTP1,
    /** HTTP/2, by prior knowledge or agreed on through TLS. */
    HTTP2;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
