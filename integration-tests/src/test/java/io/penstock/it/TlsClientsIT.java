package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import io.penstock.proxy.testkit.WireHead;
import io.penstock.router.Router;
import io.penstock.router.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between clients and the router. */
final class TlsClientsIT {

    private static final String BODY = "{\"model\":\"m\"}";
    private static final String REFUSED = "penstock_client_connections_refused_total";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder;

    private final TestAuthority authority = new TestAuthority("authority");

    @Test
    void aStreamComesThroughChunkByChunkAndTheEngineIsToldOfHttps() throws IOException {
        Gate more = new Gate();
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(more).event("2").end();
        });
        RawClient client = client(start(engine));
        WireHead head = client.post("/v1/completions", BODY).readHead();
        assertThat(new String(client.readChunk(), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
        more.open();
        assertThat(new String(client.readBody(head), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
        assertThat(engine.journal().onlyRequest().head().value("x-forwarded-proto"))
                .isEqualTo("https");
    }

    @Test
    void bigBodiesPassBothWaysAndTheConnectionIsKept() throws IOException {
        String big = "x".repeat(3 << 20);
        FakeEngine engine = router.engine().answering(turn -> {
            int length = turn.request().bytes().length;
            turn.respond(200).data(big + length).end();
        });
        RawClient client = client(start(engine));
        for (int i = 0; i < 3; i++) {
            String body = "{\"model\":\"m\",\"prompt\":\"" + big + "\"}";
            assertThat(client.post("/v1/completions", body).readResponse().text())
                    .isEqualTo(big + body.length());
        }
    }

    @Test
    void anEarlyRefusalIsReadByAClientThatIsStillSending() throws IOException {
        RouterUnderTest under = router.start(setup(router.engine()).server("maxBody", "1KiB"));
        RawClient client =
                client(under).send("POST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 9999\r\n\r\n{");
        assertThat(client.readResponse().status()).isEqualTo(413);
        assertThat(client.isClosedByRouter()).isTrue();
    }

    @Test
    void http2IsAgreedOnByAlpn() throws Exception {
        FakeEngine engine = router.engine();
        RouterUnderTest under = start(engine);
        var client =
                HttpClient.newBuilder().sslContext(authority.clientContext()).build();
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + under.port() + "/v1/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        for (int i = 0; i < 2; i++) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("{\"ok\":true}");
        }
        var head = engine.journal().requests().get(0).head();
        assertThat(head.value("x-forwarded-proto")).isEqualTo("https");
        assertThat(head.value("x-forwarded-for")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nhost: router\r\n\r\n", "SSH-2.0-x\r\n", "\0\1\2\3\4\5\6\7"})
    void whatIsNotTlsIsClosedAndCounted(String first) throws IOException {
        RouterUnderTest under = start(router.engine());
        assertThat(router.client(under).send(first).isClosedByRouter()).isTrue();
        awaitMetric(under, REFUSED, "not_tls", 1);
        assertThat(client(under).post("/v1/completions", BODY).readResponse().status())
                .isEqualTo(200);
    }

    @Test
    void aSilentClientIsClosedInTime() throws IOException {
        RouterUnderTest under = router.start(
                new RouterSetup().engines(router.engine()).server("tls", tls(", handshakeTimeout: 100ms")));
        assertThat(router.client(under).isClosedByRouter()).isTrue();
        awaitMetric(under, REFUSED, "tls_timeout", 1);
    }

    @Test
    void certificatesChangeUnderLoadAndNoRequestFails() throws Exception {
        RouterUnderTest under = start(router.engine());
        RawClient old = client(under);
        var before = old.routersCertificate();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> askUntil(stop, answered, under));

        TestCertificate fresh = write(authority.issue("localhost"));
        await().until(() -> shown(under).equals(fresh.certificate()));
        awaitMetric(under, "penstock_tls_reloads_total", "success", 1);
        assertThat(old.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);
        assertThat(before).isNotEqualTo(fresh.certificate());

        Files.writeString(folder.resolve("tls.key"), "no key");
        awaitMetric(under, "penstock_tls_reloads_total", "failure", 1);
        assertThat(shown(under)).isEqualTo(fresh.certificate());
        stop.set(true);
        assertThat(load).succeedsWithin(Gate.LIMIT);
        assertThat(answered.get()).isGreaterThan(5);
        assertThat(under.metric("penstock_tls_certificate_expiry_seconds", "")).isGreaterThan(365 * 86400.0);
    }

    private void askUntil(AtomicBoolean stop, AtomicInteger answered, RouterUnderTest under) {
        while (!stop.get()) {
            try (RawClient client = RawClient.connectTls(under.port(), authority.clientContext())) {
                RawResponse response = client.post("/v1/completions", BODY).readResponse();
                assertThat(response.status()).isEqualTo(200);
                answered.incrementAndGet();
            } catch (IOException e) {
                throw new AssertionError("a request failed", e);
            }
        }
    }

    private X509Certificate shown(RouterUnderTest under) throws IOException {
        try (RawClient client = RawClient.connectTls(under.port(), authority.clientContext())) {
            return client.routersCertificate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optional", "required"})
    void aClientWithACertificateIsServed(String clientAuth) throws IOException {
        RouterUnderTest under = withClientAuth(clientAuth);
        assertThat(ask(under, authority.issue("client").context())).isEqualTo(200);
    }

    @Test
    void aClientWithoutOneIsServedWhereItIsOptional() throws IOException {
        assertThat(ask(withClientAuth("optional"), authority.clientContext())).isEqualTo(200);
    }

    @Test
    void aClientWithoutOneIsRefusedWhereItIsRequired() throws IOException {
        RouterUnderTest under = withClientAuth("required");
        assertThatThrownBy(() -> ask(under, authority.clientContext())).isInstanceOf(IOException.class);
        awaitMetric(under, REFUSED, "tls_handshake", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"optional", "required"})
    void aCertificateOfAStrangerIsRefused(String clientAuth) throws IOException {
        RouterUnderTest under = withClientAuth(clientAuth);
        TestCertificate stranger = new TestAuthority("authority").issue("client");
        SSLContext context = stranger.context(authority.certificate());
        assertThatThrownBy(() -> ask(under, context)).isInstanceOf(IOException.class);
        awaitMetric(under, REFUSED, "tls_handshake", 1);
    }

    @Test
    void aRouterDoesNotStartOnAnExpiredCertificate() throws Exception {
        write(authority.issueUntil(Instant.parse("2021-01-01T00:00:00Z"), "localhost"));
        String yaml = new RouterSetup()
                .engine("http://127.0.0.1:1", "http1")
                .server("tls", tlsOf(""))
                .yaml();
        assertThatThrownBy(() -> Router.start(ConfigLoader.parse(yaml)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the certificate expired at 2021-01-01T00:00:00Z");
    }

    private RouterUnderTest start(FakeEngine engine) throws IOException {
        return router.start(setup(engine));
    }

    private RouterSetup setup(FakeEngine engine) throws IOException {
        return new RouterSetup().engines(engine).server("tls", tls(""));
    }

    private RouterUnderTest withClientAuth(String clientAuth) throws IOException {
        Path ca = Files.writeString(folder.resolve("ca.crt"), authority.pem());
        return router.start(new RouterSetup()
                .engines(router.engine())
                .server("tls", tls(", clientCa: " + ca + ", clientAuth: " + clientAuth)));
    }

    private String tls(String more) throws IOException {
        write(authority.issue("localhost"));
        return tlsOf(more);
    }

    private String tlsOf(String more) {
        return "{ certificate: " + folder.resolve("tls.crt") + ", key: " + folder.resolve("tls.key") + more + " }";
    }

    /** As Kubernetes does: both files come by one swap of a link. */
    private TestCertificate write(TestCertificate certificate) throws IOException {
        Path version = Files.createTempDirectory(folder, "version");
        Files.writeString(version.resolve("tls.crt"), certificate.chainPem());
        Files.writeString(version.resolve("tls.key"), certificate.keyPem());
        Path link = Files.createSymbolicLink(folder.resolve("next"), version);
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String name : new String[] {"tls.crt", "tls.key"}) {
            if (!Files.exists(folder.resolve(name))) {
                Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
            }
        }
        return certificate;
    }

    private RawClient client(RouterUnderTest under) throws IOException {
        return router.closing(RawClient.connectTls(under.port(), authority.clientContext()));
    }

    private int ask(RouterUnderTest under, SSLContext context) throws IOException {
        return router.closing(RawClient.connectTls(under.port(), context))
                .post("/v1/completions", BODY)
                .readResponse()
                .status();
    }

    private static void awaitMetric(RouterUnderTest under, String name, String label, double value) {
        await().until(() -> under.metric(name, label) == value);
    }
}
