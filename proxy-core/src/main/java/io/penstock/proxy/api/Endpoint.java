package io.penstock.proxy.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where one engine listens and how it is spoken to. Equal endpoints share pooled connections. Threading: immutable.
 *
 * @param host a host name or an IP address (IPv6 without brackets)
 * @param port the TCP port
 * @param protocol which HTTP version the engine is spoken to with
 * @param tls how it proves who it is, or null where clear text is spoken
 */
public record Endpoint(
        String host, int port, Protocol protocol, @Nullable EngineTls tls) {

    /** An engine that is spoken to in clear text. */
    public Endpoint(String host, int port, Protocol protocol) {
        this(host, port, protocol, null);
    }

    /** Which HTTP version an engine is spoken to with. */
    public enum Protocol {
        /** HTTP/1.1 with keep-alive. */
        HTTP1,
        /** HTTP/2: in clear text by prior knowledge (RFC 9113, section 3.3), over TLS by ALPN (section 3.2). */
        H2C,
        /** In clear text found out at the first connection, then remembered; over TLS by ALPN. */
        AUTO;

        /** The name in metrics. */
        public String label() {
            return this == H2C ? "http2" : name().toLowerCase(Locale.ROOT);
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
