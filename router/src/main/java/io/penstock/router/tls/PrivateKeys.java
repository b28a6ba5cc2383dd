package io.penstock.router.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * The private key of a certificate, out of a PEM file: PKCS#8 ({@code PRIVATE KEY}, RFC 5958), PKCS#1 ({@code RSA PRIVATE
 * KEY}, RFC 8017) or SEC 1 ({@code EC PRIVATE KEY}, RFC 5915). The JDK reads the first only; the others are what stands
 * inside of it, so they are put into its shell. Keys behind a passphrase are not read. Threading: pure functions.
 */
final class PrivateKeys {

    private static final String ACCEPTED = "PRIVATE KEY (PKCS#8), RSA PRIVATE KEY (PKCS#1) or EC PRIVATE KEY (SEC 1)";
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;

    private PrivateKeys() {}

    /** The first key of the file, which must be the one of {@code owner}. */
    static PrivateKey of(PemFile file, PublicKey owner) throws TlsFileException {
        Optional<PemFile.Block> found = file.blocks().stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .findFirst();
        if (found.isEmpty()) {
            throw new TlsFileException(file.file(), "has no private key: it needs a block " + ACCEPTED);
        }
        PrivateKey key = parse(file.file(), found.get(), owner);
        if (!belongs(key, owner)) {
            throw mismatch(file.file());
        }
        return key;
    }

    static TlsFileException encrypted(Path file) {
        return new TlsFileException(file, "is encrypted; write the key without a passphrase");
    }

    private static TlsFileException mismatch(Path file) {
        return new TlsFileException(file, "the key does not belong to the certificate");
    }

    private static PrivateKey parse(Path file, PemFile.Block block, PublicKey owner) throws TlsFileException {
        String algorithm = owner.getAlgorithm();
        byte[] der = block.der();
        switch (block.label()) {
            case "PRIVATE KEY" -> {}
            case "RSA PRIVATE KEY" -> der = shelled(file, der, "RSA", owner);
            case "EC PRIVATE KEY" -> der = shelled(file, der, "EC", owner);
            case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
            default ->
                throw new TlsFileException(
                        file, "has a key of the kind " + block.label() + "; accepted are " + ACCEPTED);
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new TlsFileException(
                    file,
                    "its key cannot be read as one of the certificate's kind, " + algorithm + ": " + e.getMessage());
        }
    }

    /** The key in the shell of PKCS#8; which algorithm it is for, curve included, the certificate says as well. */
    private static byte[] shelled(Path file, byte[] key, String algorithm, PublicKey owner) throws TlsFileException {
        if (!owner.getAlgorithm().equals(algorithm)) {
            throw mismatch(file);
        }
        return tagged(SEQUENCE, VERSION_0, algorithmOf(owner.getEncoded()), tagged(OCTETS, key));
    }

    /** The first part of a public key's encoding (RFC 5280, section 4.1.2.7). */
    private static byte[] algorithmOf(byte[] publicKey) {
        int start = contentOf(publicKey, 0);
        int content = contentOf(publicKey, start);
        return Arrays.copyOfRange(publicKey, start, content + lengthAt(publicKey, start));
    }

    /** Where the content of the element at {@code at} begins. */
    private static int contentOf(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int lengthAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        int length = first < 0x80 ? first : 0;
        for (int i = at + 2; first >= 0x80 && i < contentOf(der, at); i++) {
            length = length << 8 | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        out.writeBytes(lengthOf(length));
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** In as few bytes as it takes: DER allows no other form. */
    private static byte[] lengthOf(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        byte[] big = BigInteger.valueOf(length).toByteArray();
        byte[] digits = Arrays.copyOfRange(big, big[0] == 0 ? 1 : 0, big.length);
        byte[] all = new byte[digits.length + 1];
        all[0] = (byte) (0x80 | digits.length);
        System.arraycopy(digits, 0, all, 1, digits.length);
        return all;
    }

    private static boolean belongs(PrivateKey key, PublicKey owner) {
        String scheme = switch (owner.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> owner.getAlgorithm();
        };
        try {
            byte[] probe = {1, 2, 3};
            Signature signature = Signature.getInstance(scheme);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(owner);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
