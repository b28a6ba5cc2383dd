package io.penstock.proxy.testkit;

import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of a {@link TestAuthority} and its key. Threading: immutable.
 *
 * @param certificate the certificate
 * @param key its private key
 * @param issuer the certificate of the authority
 */
public record TestCertificate(X509Certificate certificate, PrivateKey key, X509Certificate issuer) {

    private static final char[] NO_PASSWORD = new char[0];

    /** The certificate and the authority's as PEM. */
    public String chainPem() {
        return pem(certificate) + pem(issuer);
    }

    /** The key as PEM of PKCS#8. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** A certificate as PEM. */
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes as PEM. */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** A context for a server with this certificate, or for a client that shows it, believing the same authority. */
    public SSLContext context() {
        return context(issuer);
    }

    /** As {@link #context()}, believing another authority. */
    public SSLContext context(X509Certificate authority) {
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry("own", key, NO_PASSWORD, new X509Certificate[] {certificate, issuer});
            var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), believing(authority).getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static TrustManagerFactory believing(X509Certificate authority) throws Exception {
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("authority", authority);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static KeyStore emptyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
