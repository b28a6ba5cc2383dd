package io.penstock.router.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.ClientAuth;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerFilesTest {

    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");

    private final TestAuthority authority = new TestAuthority("authority");
    private final TestCertificate own = authority.issue("localhost");

    @TempDir
    private Path folder;

    private ServerFiles files = new ServerFiles(Path.of("a"), Path.of("b"), null, ClientAuth.NONE);

    @BeforeEach
    void write() throws IOException {
        files = new ServerFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), null, ClientAuth.NONE);
        certificate(own.chainPem());
        key(own.keyPem());
    }

    @ParameterizedTest
    @CsvSource({"EC, 256", "EC, 384", "RSA, 2048"})
    void everyAcceptedFormOfAKeyIsRead(String algorithm, int bits) throws IOException {
        KeyPair keys = TestAuthority.keys(algorithm, bits);
        certificate(authority.issue(keys, END, "localhost").chainPem());
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        key(TestCertificate.pem("PRIVATE KEY", pkcs8));
        assertThatCode(this::load).doesNotThrowAnyException();
        String traditional = TestCertificate.pem(algorithm + " PRIVATE KEY", insideOf(pkcs8));
        key("Bag Attributes\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + traditional);
        assertThat(load().expires()).isEqualTo(END);
    }

    @Test
    void windowsLineEndsDoNotMatter() throws IOException {
        certificate(own.chainPem().replace("\n", "\r\n"));
        key(own.keyPem().replace("\n", "\r\n"));
        assertThatCode(this::load).doesNotThrowAnyException();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        key(authority.issue("localhost").keyPem());
        assertThatThrownBy(this::load).hasMessage(files.key() + ": the key does not belong to the certificate");
        key(TestCertificate.pem("RSA PRIVATE KEY", new byte[] {0x30, 0}));
        assertThatThrownBy(this::load).hasMessage(files.key() + ": the key does not belong to the certificate");
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        TestCertificate expired = authority.issueUntil(Instant.parse("2021-01-01T00:00:00Z"), "localhost");
        certificate(expired.chainPem());
        assertThatThrownBy(this::load)
                .hasMessage(files.certificate() + ": the certificate expired at 2021-01-01T00:00:00Z");
    }

    @Test
    void aFileThatIsMissingOrAFolderIsNamed() throws IOException {
        Files.delete(files.key());
        assertThatThrownBy(this::load).hasMessage(files.key() + ": there is no such file");
        Files.delete(files.certificate());
        Files.createDirectory(files.certificate());
        assertThatThrownBy(this::load).hasMessage(files.certificate() + ": is a folder, not a file");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNotOpened() throws Exception {
        Files.delete(files.key());
        assertThat(new ProcessBuilder("mkfifo", files.key().toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(this::load).hasMessage(files.key() + ": is not a regular file");
    }

    @Test
    void aKeyBehindAPassphraseIsRefused() throws IOException {
        String problem = files.key() + ": is encrypted; write the key without a passphrase";
        key(TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0}));
        assertThatThrownBy(this::load).hasMessage(problem);
        key(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        assertThatThrownBy(this::load).hasMessage(problem);
    }

    @Test
    void whatIsNoPemIsExplained() throws IOException {
        key("nothing");
        assertThatThrownBy(this::load)
                .hasMessageContaining("has no private key: it needs a block PRIVATE KEY (PKCS#8)");
        key(TestCertificate.pem("DSA PRIVATE KEY", new byte[] {0x30, 0}));
        assertThatThrownBy(this::load).hasMessageContaining("has a key of the kind DSA PRIVATE KEY; accepted are");
        key(TestCertificate.pem("PRIVATE KEY", new byte[] {0x30, 0}));
        assertThatThrownBy(this::load)
                .hasMessageContaining("its key cannot be read as one of the certificate's kind, EC");
        certificate(own.keyPem());
        assertThatThrownBy(this::load).hasMessageContaining("has no certificate");
        certificate(TestCertificate.pem("CERTIFICATE", new byte[] {0x30, 0}));
        assertThatThrownBy(this::load).hasMessageContaining("has a damaged certificate");
    }

    private ServerFiles.Loaded load() throws TlsFileException {
        return files.load(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
    }

    private void certificate(String pem) throws IOException {
        Files.writeString(files.certificate(), pem);
    }

    private void key(String pem) throws IOException {
        Files.writeString(files.key(), pem);
    }

    /** The content of PKCS#8's last element, an octet string. */
    private static byte[] insideOf(byte[] pkcs8) {
        int version = headerAt(pkcs8, 0);
        int algorithm = version + 3;
        int octets = algorithm + headerAt(pkcs8, algorithm) + pkcs8[algorithm + 1];
        return Arrays.copyOfRange(pkcs8, octets + headerAt(pkcs8, octets), pkcs8.length);
    }

    private static int headerAt(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return 2 + (length < 0x80 ? 0 : length & 0x7f);
    }
}
