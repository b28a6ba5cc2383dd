package io.penstock.router.config;

import io.penstock.router.tls.ServerFiles;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** TLS on the data port. Threading: immutable. */
public record ServerTlsConfig(
        @Key(
                value = "PEM file with the certificate, then those that lead to an authority the clients know",
                file = true)
        String certificate,

        @Key(
                value = "PEM file with the certificate's key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), without a passphrase",
                file = true)
        String key,

        @Key(
                value = "PEM file with the authorities whose client certificates are believed",
                defaultsTo = "~",
                file = true)
        @Nullable
        String clientCa,

        @Key(value = "whether clients show a certificate; a wrong one is refused in any case", defaultsTo = "none")
        ClientAuth clientAuth,

        @Key(
                value = "a connection whose handshake takes longer is closed",
                defaultsTo = "10s",
                min = "100ms",
                max = "1m")
        Duration handshakeTimeout) {

    /** Whether a client shows a certificate. */
    public enum ClientAuth {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /** The files, which are not read by this. */
    public ServerFiles files() {
        Path authorities = clientCa == null ? null : Path.of(clientCa);
        return new ServerFiles(
                Path.of(certificate),
                Path.of(key),
                authorities,
                switch (clientAuth) {
                    case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
                    case OPTIONAL -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
                    case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
                });
    }
}
