package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A load balancer that names the client by the PROXY protocol, and proxies that name it by headers. */
final class ProxyProtocolIT {

    private static final String BODY = "{\"model\":\"m\"}";
    private static final String VERSION_1 = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";
    private static final byte[] VERSION_2 = {
        13,
        10,
        13,
        10,
        0,
        13,
        10,
        'Q',
        'U',
        'I',
        'T',
        10,
        0x21,
        0x11,
        0,
        12, //
        (byte) 192,
        0,
        2,
        7,
        (byte) 198,
        51,
        100,
        1,
        0x12,
        0x67,
        1,
        (byte) 187
    };

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder;

    @Test
    void theClientIsWhomTheHeaderNames() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(behindABalancer(engine));
        RawClient first = router.client(under).send(VERSION_1);
        for (int i = 0; i < 2; i++) {
            assertThat(first.post("/v1/completions", BODY).readResponse().status())
                    .isEqualTo(200);
        }
        router.client(under).send(VERSION_2).post("/v1/completions", BODY).readResponse();
        assertThat(engine.journal().requests().stream()
                        .map(request -> request.head().value("x-forwarded-for")))
                .containsExactly("192.0.2.1", "192.0.2.1", "192.0.2.7");
    }

    @Test
    void aConnectionWithoutTheHeaderIsClosedAndReachesNoEngine() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(behindABalancer(engine));
        assertThat(router.client(under).post("/v1/completions", BODY).isClosedByRouter())
                .isTrue();
        await().until(() -> under.metric("penstock_client_connections_refused_total", "proxy_header") == 1);
        assertThat(engine.journal().requests()).isEmpty();
    }

    @Test
    void theHeaderComesBeforeTls() throws IOException {
        TestAuthority authority = new TestAuthority("authority");
        TestCertificate own = authority.issue("localhost");
        Path certificate = Files.writeString(folder.resolve("tls.crt"), own.chainPem());
        Path key = Files.writeString(folder.resolve("tls.key"), own.keyPem());
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(
                behindABalancer(engine).server("tls", "{ certificate: " + certificate + ", key: " + key + " }"));
        RawClient client = router.closing(router.client(under).send(VERSION_1).secured(authority.clientContext()));
        assertThat(client.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);
        var head = engine.journal().onlyRequest().head();
        assertThat(head.value("x-forwarded-for")).isEqualTo("192.0.2.1");
        assertThat(head.value("x-forwarded-proto")).isEqualTo("https");
    }

    @Test
    void aTrustedProxysHeadersAreBelievedAndAddedTo() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine).server("trustedProxies", "[127.0.0.0/8]"));
        router.client(under)
                .post("/v1/completions", BODY, "x-forwarded-for: 192.0.2.1", "x-forwarded-proto: https")
                .readResponse();
        var head = engine.journal().onlyRequest().head();
        assertThat(head.values("x-forwarded-for")).containsExactly("192.0.2.1, 127.0.0.1");
        assertThat(head.value("x-forwarded-proto")).isEqualTo("https");
    }

    private static RouterSetup behindABalancer(FakeEngine engine) {
        return new RouterSetup().engines(engine).server("proxyProtocol", "true");
    }
}
