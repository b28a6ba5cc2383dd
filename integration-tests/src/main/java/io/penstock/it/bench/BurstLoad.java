package io.penstock.it.bench;

import io.penstock.proxy.runtime.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The load of {@link TokenBurst}: huge prompts at once, and all the while {@code /health} and a short chat, each asked again
 * and again by a {@link Probe}. Threading: the main thread; huge prompts are sent by the client's own threads.
 */
final class BurstLoad {

    private static final int BURST = 60;

    /** Longer than the router's canary remembers. */
    private static final int IDLE_SECONDS = 32;

    private static final String WORDS = "A ".repeat(300_000);
    private static final String CHAT =
            "{\"model\":\"sim\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\""
                    + "short ".repeat(100) + "\"}]}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Ticker ticker = Ticker.system();
    private final String base;
    private final URI metrics;
    private final String kind;
    private final boolean refused;

    /**
     * A load.
     *
     * @param kind which requests the huge prompts are in: {@code completions}, {@code list} or {@code chat}
     * @param refused whether huge prompts are too long for the route, or answered as others are
     */
    BurstLoad(int port, int adminPort, String kind, boolean refused) {
        this.base = "http://127.0.0.1:" + port;
        this.metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
        this.kind = kind;
        this.refused = refused;
    }

    /**
     * What others felt in some time.
     *
     * @param seconds how long that was
     * @param worstDelayMillis the greatest lateness of a timer of the router's own
     */
    record Felt(double seconds, Probe.Answers health, Probe.Answers chat, double worstDelayMillis) {}

    /** Somewhere to wait. */
    private interface Meanwhile {
        void run() throws InterruptedException;
    }

    /** Idle, and then during a burst; another burst, long enough before, has shown the router what one is. */
    List<Felt> run() throws IOException, InterruptedException {
        feel(this::burst);
        Felt idle = feel(() -> TimeUnit.SECONDS.sleep(IDLE_SECONDS));
        return List.of(idle, feel(this::burst));
    }

    private Felt feel(Meanwhile meanwhile) throws IOException, InterruptedException {
        Probe health =
                Probe.start(HttpRequest.newBuilder(URI.create(base + "/health")).build());
        Probe chat = Probe.start(post("/v1/chat/completions", CHAT));
        long startNanos = ticker.nanos();
        meanwhile.run();
        double seconds = (ticker.nanos() - startNanos) / 1e9;
        return new Felt(seconds, health.stop(), chat.stop(), metric("penstock_event_loop_delay_max_seconds") * 1000);
    }

    private void burst() {
        String path = kind.equals("chat") ? "/v1/chat/completions" : "/v1/completions";
        String body = switch (kind) {
            case "chat" -> "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":\"" + WORDS + "\"}]}";
            case "list" -> "{\"model\":\"sim\",\"prompt\":[\"short\",\"" + WORDS + "\"]}";
            default -> "{\"model\":\"sim\",\"prompt\":\"" + WORDS + "\"}";
        };
        HttpRequest request = post(path, body);
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            sent.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }
        sent.forEach(each -> check(each.join()));
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("content-type", "application/json")
                .timeout(Duration.ofMinutes(10))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
    }

    private void check(HttpResponse<String> answer) {
        boolean tooLong = answer.statusCode() == 400 && answer.body().contains("context_length_exceeded");
        if (refused ? !tooLong : answer.statusCode() != 200) {
            throw new BenchmarkException("a huge prompt was answered with " + answer.statusCode());
        }
    }

    private double metric(String name) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElse(0);
    }
}
