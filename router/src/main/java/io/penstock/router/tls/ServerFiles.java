package io.penstock.router.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The files that make the router a TLS server. Threading: immutable; reading blocks.
 *
 * @param certificate the certificate, and behind it those that lead to an authority the clients know
 * @param key its private key
 * @param clientCa authorities whose client certificates are believed, or null
 * @param clientAuth whether clients may or must show a certificate
 */
public record ServerFiles(
        Path certificate, Path key, @Nullable Path clientCa, ClientAuth clientAuth) {

    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /**
     * What the files hold.
     *
     * @param context shows the certificate
     * @param expires when the first certificate of the chain ends
     * @param notBefore when the certificate begins to be valid
     */
    public record Loaded(SslContext context, Instant expires, Instant notBefore) {}

    List<Path> all() {
        return clientCa == null ? List.of(certificate, key) : List.of(certificate, key, clientCa);
    }

    /**
     * Reads the files.
     *
     * @throws TlsFileException if one is missing or unreadable, the key is not the certificate's, or it has expired
     */
    public Loaded load(Clock clock) throws TlsFileException {
        List<X509Certificate> chain = PemFile.read(certificate).certificates();
        X509Certificate own = chain.get(0);
        Instant expires = own.getNotAfter().toInstant();
        if (expires.isBefore(clock.instant())) {
            throw new TlsFileException(certificate, "the certificate expired at " + expires);
        }
        PrivateKey privateKey = PrivateKeys.of(PemFile.read(key), own.getPublicKey());
        Instant first = chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(expires);
        return new Loaded(context(chain, privateKey), first, own.getNotBefore().toInstant());
    }

    private SslContext context(List<X509Certificate> chain, PrivateKey privateKey) throws TlsFileException {
        SslContextBuilder builder = SslContextBuilder.forServer(privateKey, chain)
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOLS)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .clientAuth(clientAuth);
        if (clientCa != null) {
            builder.trustManager(PemFile.read(clientCa).certificates());
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new TlsFileException(certificate, "cannot be used for TLS: " + e.getMessage());
        }
    }
}
