package io.penstock.proxy.api;

import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the data plane has its TLS contexts from. Asked for every new connection, so that certificates may change while it
 * runs. The contexts are those of the JDK's provider; protocols (ALPN) and names are set by the data plane.
 *
 * <p>Threading: called on event loops, from several at once; must neither block nor read files.
 */
public interface TlsContexts {

    /** Nobody speaks TLS. */
    TlsContexts NONE = new TlsContexts() {
        @Override
        public @Nullable SslContext clients() {
            return null;
        }

        @Override
        public SslContext engines(EngineTls tls) {
            throw new IllegalStateException("no engine speaks TLS");
        }
    };

    /** For a client's connection, or null while clients speak clear text. Whether there is one must never change. */
    @Nullable
    SslContext clients();

    /** For a connection to an engine; the same as long as its authorities are, so that sessions are resumed. */
    SslContext engines(EngineTls tls);
}
