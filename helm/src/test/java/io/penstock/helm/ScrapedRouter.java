package io.penstock.helm;

import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import io.penstock.router.Router;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A router that served a few requests, and was scraped. It has TLS and limits, as some metrics are there only then. Threading:
 * the test's thread.
 */
final class ScrapedRouter {

    private static final String CONFIG = """
            server:
              { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1, settleTime: 0s,
                tls: { certificate: "%1$s/tls.crt", key: "%1$s/tls.key" } }
            pools:
              - { name: p, engines: ["%2$s"], models: [sim], limits: { engineRequests: 4, waiting: 4 } }
            """;

    private final TestAuthority authority = new TestAuthority("authority");
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(authority.clientContext()).build();

    /** @param folder for the files of the certificate */
    Scrape scrape(Path folder) throws Exception {
        TestCertificate certificate = authority.issue("127.0.0.1");
        Files.writeString(folder.resolve("tls.crt"), certificate.chainPem());
        Files.writeString(folder.resolve("tls.key"), certificate.keyPem());
        var options = SimulatedEngineOptions.builder()
                .models(SimulatedModel.base("sim"))
                .build();
        try (SimulatedEngine engine = SimulatedEngine.start(options);
                Router router = Router.start(ConfigLoader.parse(CONFIG.formatted(folder, engine.url())))) {
            ask(router, "sim");
            ask(router, "unknown");
            URI metrics = URI.create("http://127.0.0.1:" + router.adminPort() + "/metrics");
            return Scrape.parse(send(HttpRequest.newBuilder(metrics)));
        }
    }

    private void ask(Router router, String model) throws Exception {
        String body = "{\"model\":\"" + model
                + "\",\"stream\":true,\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        URI chat = URI.create("https://127.0.0.1:" + router.dataPort() + "/v1/chat/completions");
        String unused = send(HttpRequest.newBuilder(chat)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }
}
