package io.penstock.helm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import io.penstock.router.Router;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A router that served a few requests, and was scraped. It has TLS, limits in a Redis that is away, a tokenizer, a stream interval and usage, and one request
 * waited and one client left, as some metrics have a series only then. Of the requests to pools whose prefill and decode are apart, one
 * succeeded, one had its prefill fail and one client left. Threading: the test's thread.
 */
final class ScrapedRouter {

    private static final String CONFIG = """
            server:
              { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1, settleTime: 0s,
                tls: { certificate: "%1$s/tls.crt", key: "%1$s/tls.key" } }
            sharedLimits: { url: "redis://127.0.0.1:1" }
            tokenizers: [{ name: t, type: tiktoken, encoding: cl100k_base, models: [sim] }]
            pools:
              - { name: p, engines: ["%2$s"], models: [sim], limits: { engineRequests: 1, waiting: 4, maxWait: 1m } }
              - { name: found, discovery: { file: "%1$s/engines.yaml" }, models: [found] }
              - %3$s
              - %4$s
            routes:
              - { name: fetch, match: { model: fetch }, to: [{ pool: fetch }] }
              - { name: push, match: { model: push }, to: [{ pool: push }] }
              - { name: r, to: [{ pool: p }], usage: always, streamInterval: { events: 4 }, tokens: { count: true } }
            """;

    /** Longer than a block of an engine's cache, so that the second time some of it is cached. */
    private static final String PROMPT = "tell me of the river ".repeat(20);

    /** What the requests to the disaggregated pools leave behind. */
    private static final List<String> HANDED_OVER = List.of(
            "penstock_handover_decisions_total{pool=\"fetch\",prefill=\"prefill\",reason=\"always\",} 2.0",
            "penstock_handover_age_seconds_count{pool=\"fetch\",} 1.0",
            "penstock_decode_first_byte_seconds_count{pool=\"fetch\",} 1.0",
            "penstock_prefill_failures_total{pool=\"fetch\",reason=\"status\",} 1.0",
            "penstock_prefill_fallbacks_total{pool=\"fetch\",to=\"decode_local\",} 1.0",
            "penstock_sibling_cancels_total{pool=\"push\",side=\"prefill\",} 1.0");

    private final TestAuthority authority = new TestAuthority("authority");
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(authority.clientContext()).build();

    /** @param folder for the files of the certificate */
    Scrape scrape(Path folder) throws Exception {
        TestCertificate certificate = authority.issue("127.0.0.1");
        Files.writeString(folder.resolve("tls.crt"), certificate.chainPem());
        Files.writeString(folder.resolve("tls.key"), certificate.keyPem());
        Files.writeString(folder.resolve("engines.yaml"), "engines: []");
        var options = SimulatedEngineOptions.builder()
                .models(SimulatedModel.base("sim"))
                .promptTokensDetails(true)
                .build();
        try (SimulatedEngine engine = SimulatedEngine.start(options);
                DisaggregatedPool fetch = new DisaggregatedPool("fetch", Connector.NIXL);
                DisaggregatedPool push = new DisaggregatedPool("push", Connector.PUSH);
                Router router = Router.start(
                        ConfigLoader.parse(CONFIG.formatted(folder, engine.url(), fetch.yaml(), push.yaml())))) {
            speakClearText(router.dataPort());
            client.send(chat(router, "unknown", 2), BodyHandlers.discarding());
            client.send(chat(router, "sim", 2), BodyHandlers.discarding());
            waitForOneWhoLeaves(router);
            client.send(chat(router, "fetch", 2), BodyHandlers.discarding());
            fetch.prefill().failNext(1, "status=500");
            client.send(chat(router, "fetch", 2), BodyHandlers.discarding());
            leaveBothEngines(router, push);
            await().atMost(Gate.LIMIT)
                    .until(() -> metrics(router), text -> HANDED_OVER.stream().allMatch(text::contains));
            await().atMost(Gate.LIMIT).until(() -> scrape(router).hasSeries("penstock_cut_stream_events_total"));
            return scrape(router);
        }
    }

    /** A client that does not speak TLS, and is told so. */
    private static void speakClearText(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Gate.LIMIT.toMillis());
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    /** One stream takes the only place until somebody waits for it, and is then left by its client. */
    private void waitForOneWhoLeaves(Router router) throws Exception {
        CompletableFuture<HttpResponse<Void>> waits;
        try (InputStream first = client.send(chat(router, "sim", 5_000), BodyHandlers.ofInputStream())
                .body()) {
            first.read();
            waits = client.sendAsync(chat(router, "sim", 2), BodyHandlers.discarding());
            await().atMost(Gate.LIMIT)
                    .until(() -> metrics(router).contains("penstock_waiting_requests{pool=\"p\",} 1.0"));
        }
        waits.get(Gate.LIMIT.toSeconds(), SECONDS);
    }

    /** One client leaves while an engine prefills for it and another one waits for that. */
    private void leaveBothEngines(Router router, DisaggregatedPool pool) {
        pool.prefill().pause();
        var leaves = client.sendAsync(chat(router, "push", 2), BodyHandlers.discarding());
        await().atMost(Gate.LIMIT).until(pool::bothAreAsked);
        leaves.cancel(true);
    }

    private Scrape scrape(Router router) throws Exception {
        return Scrape.parse(metrics(router));
    }

    private String metrics(Router router) throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + router.adminPort() + "/metrics");
        return client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest chat(Router router, String model, int tokens) {
        String body =
                "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(model, tokens, PROMPT);
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + router.dataPort() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
