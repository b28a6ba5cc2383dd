package io.penstock.router.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.penstock.proxy.api.EngineTls;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Contexts for connections to engines. Threading: pure functions; reading blocks. */
public final class EngineTrust {

    private EngineTrust() {}

    /**
     * A context that believes the authorities of a PEM file or of the system, or everybody.
     *
     * @throws TlsFileException if the file cannot be used
     */
    public static SslContext load(EngineTls tls) throws TlsFileException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(ServerFiles.PROTOCOLS)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        if (!tls.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (tls.ca() != null) {
            builder.trustManager(PemFile.read(Path.of(tls.ca())).certificates());
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new TlsFileException(Path.of(String.valueOf(tls.ca())), "cannot be used: " + e.getMessage());
        }
    }
}
