package io.penstock.router.tls;

import io.penstock.router.files.FileReading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of one PEM file (RFC 7468), as the file was when it was read. Text around the blocks is skipped, as other
 * programs do. Threading: immutable; reading blocks.
 */
final class PemFile {

    /** No PEM file needs more bytes. */
    static final int LARGEST = 1 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private final Path file;
    private final List<Block> blocks;

    /** One block: its label, and its content, which headers within ("Proc-Type") make no base 64. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(String label, byte[] der) {}

    private PemFile(Path file, List<Block> blocks) {
        this.file = file;
        this.blocks = blocks;
    }

    static PemFile read(Path file) throws TlsFileException {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), decoded(file, matcher.group(2))));
        }
        return new PemFile(file, blocks);
    }

    private static byte[] bytes(Path file) throws TlsFileException {
        FileReading now = FileReading.of(file, LARGEST);
        if (!now.obstacle().isEmpty()) {
            throw new TlsFileException(file, now.obstacle());
        }
        return now.bytes();
    }

    private static byte[] decoded(Path file, String base64) throws TlsFileException {
        if (base64.contains("ENCRYPTED")) {
            throw PrivateKeys.encrypted(file);
        }
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(file, "has a damaged block: it is not base 64");
        }
    }

    Path file() {
        return file;
    }

    List<Block> blocks() {
        return blocks;
    }

    /** The certificates in the file, at least one. */
    List<X509Certificate> certificates() throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(file, "has no certificate: it needs a block that begins with BEGIN CERTIFICATE");
        }
        return certificates;
    }

    private X509Certificate certificate(Block block) throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw new TlsFileException(file, "has a damaged certificate: " + e.getMessage());
        }
    }
}
