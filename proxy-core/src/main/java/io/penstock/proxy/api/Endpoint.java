package io.penstock.proxy.api;

import java.util.Locale;

/**
 * Where one engine listens and how it is spoken to. Equal endpoints share pooled connections. Threading: immutable.
 *
 * @param host a host name or an IP address (IPv6 without brackets)
 * @param port the TCP port
 * @param protocol which HTTP version the engine is spoken to with
 */
public record Endpoint(String host, int port, Protocol protocol) {

    /** Which HTTP version an engine is spoken to with. */
    public enum Protocol {
        /** HTTP/1.1 with keep-alive. */
        HTTP1,
        /** HTTP/2 over clear text by prior knowledge (RFC 9113, section 3.3). */
        H2C,
        /** Find out at the first connection, then remember. */
        AUTO;

        /** The name in configuration and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The value of the {@code Host} header and of {@code :authority}. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return name + ":" + port;
    }

    @Override
    public String toString() {
        return authority();
    }
}
