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
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The load of {@link TokenBurst}: huge prompts at once, and one after the other {@code /health} and a short chat. Threading:
 * the main thread; huge prompts are sent by the client's own threads.
 */
final class BurstLoad {

    private static final int BURST = 60;
    private static final int IDLE_ROUNDS = 300;
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

    BurstLoad(int port, int adminPort, String kind) {
        this.base = "http://127.0.0.1:" + port;
        this.metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
        this.kind = kind;
    }

    /** Two percentiles, as text. */
    record Percentiles(Histogram of) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.2f, %.2f", of.getValueAtPercentile(50) / 1e6, of.getValueAtPercentile(99) / 1e6);
        }
    }

    /** What was measured. */
    record Result(
            double seconds,
            Percentiles idleHealth,
            Percentiles loadedHealth,
            Percentiles idleChat,
            Percentiles loadedChat,
            long healthAnswers,
            long mebibytesBefore) {}

    Result run() throws IOException, InterruptedException {
        Histogram warm = new Histogram(3);
        for (int i = 0; i < IDLE_ROUNDS; i++) {
            once(warm, warm);
        }
        Histogram idleHealth = new Histogram(3);
        Histogram idleChat = new Histogram(3);
        for (int i = 0; i < IDLE_ROUNDS; i++) {
            once(idleHealth, idleChat);
        }
        long before = (long) metric("process_resident_memory_bytes") >> 20;
        Histogram health = new Histogram(3);
        Histogram chat = new Histogram(3);
        long startNanos = ticker.nanos();
        List<CompletableFuture<HttpResponse<String>>> burst = burst();
        while (burst.stream().anyMatch(each -> !each.isDone())) {
            once(health, chat);
        }
        double seconds = (ticker.nanos() - startNanos) / 1e9;
        burst.forEach(each -> check(each.join()));
        return new Result(
                seconds,
                new Percentiles(idleHealth),
                new Percentiles(health),
                new Percentiles(idleChat),
                new Percentiles(chat),
                health.getTotalCount(),
                before);
    }

    private List<CompletableFuture<HttpResponse<String>>> burst() {
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
        return sent;
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("content-type", "application/json")
                .timeout(Duration.ofMinutes(10))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
    }

    private static void check(HttpResponse<String> refused) {
        if (refused.statusCode() != 400 || !refused.body().contains("context_length_exceeded")) {
            throw new BenchmarkException("a huge prompt was answered with " + refused.statusCode());
        }
    }

    private void once(Histogram health, Histogram chat) throws IOException, InterruptedException {
        health.recordValue(
                time(HttpRequest.newBuilder(URI.create(base + "/health")).build()));
        chat.recordValue(time(post("/v1/chat/completions", CHAT)));
        TimeUnit.MILLISECONDS.sleep(2);
    }

    private long time(HttpRequest request) throws IOException, InterruptedException {
        long startNanos = ticker.nanos();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new BenchmarkException(request.uri() + " was answered with " + answer.statusCode());
        }
        return ticker.nanos() - startNanos;
    }

    /** Of the last half minute or so, as the router's canary saw it. */
    double worstLoopDelayMillis() {
        try {
            return metric("penstock_event_loop_delay_max_seconds") * 1000;
        } catch (IOException e) {
            throw new BenchmarkException("the router's metrics cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
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
