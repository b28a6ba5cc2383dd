package io.penstock.proxy.testkit;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** A certificate authority for one test, with an elliptic key made for it. Threading: any thread. */
public final class TestAuthority {

    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant FAR_AWAY = Instant.parse("2099-01-01T00:00:00Z");
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

    private final AtomicLong serials = new AtomicLong(1);
    private final KeyPair keys = ellipticKeys();
    private final String name;
    private final X509Certificate certificate;

    /** Makes an authority. */
    public TestAuthority(String name) {
        this.name = name;
        byte[] authority = extension("2.5.29.19", Der.sequence(Der.yes()));
        this.certificate = sign(name, keys.getPublic(), FAR_AWAY, authority);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Its own certificate as PEM. */
    public String pem() {
        return TestCertificate.pem(certificate);
    }

    /** A certificate for these host names and IP addresses. */
    public TestCertificate issue(String... names) {
        return issue(ellipticKeys(), FAR_AWAY, names);
    }

    /** A certificate that is valid until some time. */
    public TestCertificate issueUntil(Instant end, String... names) {
        return issue(ellipticKeys(), end, names);
    }

    /** A certificate for keys of any kind. */
    public TestCertificate issue(KeyPair owner, Instant end, String... names) {
        byte[] alternatives = extension(
                "2.5.29.17",
                Der.sequence(
                        Arrays.stream(names).map(TestAuthority::alternative).toArray(byte[][]::new)));
        X509Certificate own = sign(names[0], owner.getPublic(), end, alternatives);
        return new TestCertificate(own, owner.getPrivate(), /* issuer= */ certificate);
    }

    /** A context for clients that believe this authority. */
    public SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, TestCertificate.believing(certificate).getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** New keys on the curve P-256. */
    public static KeyPair ellipticKeys() {
        return keys("EC", 256);
    }

    /** New keys. */
    public static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(String subject, PublicKey key, Instant end, byte[] extension) {
        byte[] unsigned = Der.sequence(
                Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(serials.getAndIncrement())),
                ECDSA_SHA256,
                named(name),
                Der.sequence(Der.time(LONG_AGO), Der.time(end)),
                named(subject),
                key.getEncoded(),
                Der.tagged(0xa3, Der.sequence(extension)));
        try {
            byte[] whole = Der.sequence(unsigned, ECDSA_SHA256, Der.bits(signature(keys.getPrivate(), unsigned)));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signature(PrivateKey key, byte[] of) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(of);
        return signature.sign();
    }

    private static byte[] named(String commonName) {
        return Der.sequence(Der.tagged(0x31, Der.sequence(Der.oid("2.5.4.3"), Der.text(commonName))));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] alternative(String name) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        return address == null ? Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII)) : Der.tagged(0x87, address);
    }
}
