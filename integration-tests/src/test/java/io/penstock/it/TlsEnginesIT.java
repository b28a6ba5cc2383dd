package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between the router and its engines. */
final class TlsEnginesIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder;

    private final TestAuthority authority = new TestAuthority("authority");

    @ParameterizedTest
    @CsvSource({"http1, false", "auto, false", "http2, true", "h2c, true", "auto, true"})
    void anEngineThatProvesWhoItIsIsSpokenToInItsProtocol(String protocol, boolean http2) throws IOException {
        ScriptedEngine engine = engine(http2, "127.0.0.1");
        RouterUnderTest under = router.start(setup(engine, protocol, trusted("")));
        RawClient client = router.client(under);
        for (int i = 0; i < 3; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().status())
                    .isEqualTo(200);
        }
        assertThat(under.metric("penstock_engine_connects_total", http2 ? "http2" : "http1"))
                .isPositive();
        under.awaitReady();
    }

    @Test
    void aStreamComesThrough() throws IOException {
        ScriptedEngine engine = engine(false, "127.0.0.1").answering(turn -> {
            turn.request();
            turn.eventStream().event("1").event("2").end();
        });
        RawResponse response = router.client(router.start(setup(engine, "http1", trusted(""))))
                .post("/v1/completions", BODY)
                .readResponse();
        assertThat(response.text()).isEqualTo("data: 1\n\ndata: 2\n\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEngineOfAnotherAuthorityIsNotBelieved(boolean http2) throws IOException {
        ScriptedEngine engine = engine(http2, "127.0.0.1");
        String stranger = write("stranger.crt", new TestAuthority("stranger").pem());
        assertRefused(setup(engine, "auto", "{ ca: " + stranger + " }"));
        assertThat(engine.journal().requests()).isEmpty();
    }

    @Test
    void withoutACaTheAuthoritiesOfTheSystemAreBelieved() throws IOException {
        assertRefused(setup(engine(false, "127.0.0.1"), "http1", "{ }"));
    }

    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws IOException {
        assertRefused(setup(engine(false, "other.example"), "http1", trusted("")));
        assertRefused(setup(engine(false, "127.0.0.1"), "http1", trusted(", serverName: other.example")));
    }

    @Test
    void aCertificateForTheServerNameIsBelieved() throws IOException {
        ScriptedEngine engine = engine(false, "engines.example");
        assertThat(ask(router.start(setup(engine, "http1", trusted(", serverName: engines.example")))))
                .isEqualTo(200);
    }

    @Test
    void whoeverAnswersIsBelievedIfSoConfigured() throws IOException {
        ScriptedEngine engine = engine(false, "other.example");
        assertThat(ask(router.start(setup(engine, "http1", "{ verify: false }"))))
                .isEqualTo(200);
    }

    @Test
    void anEngineWithoutTlsIsNoEngineOverTls() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInClearText(plain));
            answering.setDaemon(true);
            answering.start();
            String url = "https://127.0.0.1:" + plain.getLocalPort();
            assertRefused(new RouterSetup().engine(url, "http1").pool("tls", trusted("")));
        }
    }

    private static void answerInClearText(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // closed, as the loop's condition tells, or the router left
            }
        }
    }

    @Test
    void http2IsNotAssumedWhereTheEngineDoesNotOfferIt() throws IOException {
        assertRefused(setup(engine(false, "127.0.0.1"), "http2", trusted("")));
    }

    @Test
    void aNewAuthorityIsBelievedWithoutARestart() throws IOException {
        String ca = write("ca.crt", new TestAuthority("before").pem());
        RouterUnderTest under = router.start(
                setup(engine(false, "127.0.0.1"), "http1", "{ ca: " + ca + " }").pool("health", "{ interval: 100ms }"));
        assertThat(ask(under)).isIn(502, 503);
        write("ca.crt", authority.pem());
        await().until(() -> ask(under) == 200);
        await().until(() -> under.metric("penstock_tls_reloads_total", "success") == 1);
    }

    private void assertRefused(RouterSetup setup) throws IOException {
        RouterUnderTest under = router.start(setup);
        RawResponse response =
                router.client(under).post("/v1/completions", BODY).readResponse();
        // the first probe fails as the request does, and may have been earlier
        assertThat(response.status()).isIn(502, 503);
        assertThat(response.text())
                .contains(
                        response.status() == 502 ? "the TLS handshake with the engine failed" : "1 down",
                        response.status() == 502 ? "connect_failed" : "no_engine")
                .doesNotContain("127.0.0.1", "certificat");
        assertThat(under.metric("penstock_engine_connect_failures_total", "connect_failed"))
                .isPositive();
    }

    private ScriptedEngine engine(boolean http2, String name) {
        var context = authority.issue(name).context();
        return router.closing(http2 ? FakeH2Engine.startTls(context) : FakeEngine.startTls(context));
    }

    private static RouterSetup setup(ScriptedEngine engine, String protocol, String tls) {
        return new RouterSetup().engine("https://" + engine.name(), protocol).pool("tls", tls);
    }

    private String trusted(String more) throws IOException {
        return "{ ca: " + write("engines.crt", authority.pem()) + more + " }";
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int ask(RouterUnderTest under) throws IOException {
        return router.client(under).post("/v1/completions", BODY).readResponse().status();
    }
}
