package io.penstock.it.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.SimulatedText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks an engine, without a proxy, for the answers that the load must get, and checks that they say what the simulated
 * engine is documented to say. Threading: the main thread, which waits.
 */
final class Recorder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SMALL_VARIANTS = 8;
    private static final int LARGE_VARIANTS = 2;
    private static final int LARGE = 100_000;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    /** Several different requests of one shape. */
    List<PreparedRequest> prepare(int port, Scenario.Shape shape) throws InterruptedException {
        List<PreparedRequest> requests = new ArrayList<>();
        int variants = shape.promptBytes() < LARGE ? SMALL_VARIANTS : LARGE_VARIANTS;
        for (int variant = 0; variant < variants; variant++) {
            String prompt = PreparedRequest.prompt(variant, shape.promptBytes());
            String json = PreparedRequest.json(prompt, shape);
            byte[] answer = ask(port, json);
            check(answer, prompt, shape);
            requests.add(PreparedRequest.of(json, ExpectedAnswer.of(answer)));
        }
        return requests;
    }

    private byte[] ask(int port, String json) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = client.send(request(port, json), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new BenchmarkException("the engine answers " + response.statusCode() + ": "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchmarkException("the engine does not answer", e);
        }
    }

    /** True once a short request gets its answer through {@code port}. */
    boolean answers(int port) throws InterruptedException {
        String json = PreparedRequest.json("hello", new Scenario.Shape(1, false, 1, 5));
        try {
            return client.send(request(port, json), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpRequest request(int port, String json) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private static void check(byte[] answer, String prompt, Scenario.Shape shape) {
        String expected = SimulatedText.of(0, ChatPrompt.ofUser(prompt)).first(shape.tokens());
        String text = new String(answer, StandardCharsets.UTF_8);
        String said = shape.stream() ? streamed(text) : content(text, "/choices/0/message/content");
        if (!said.equals(expected)) {
            throw new BenchmarkException("the engine itself does not say what it should: " + said);
        }
    }

    /** What the events of a stream say together. */
    static String streamed(String events) {
        StringBuilder said = new StringBuilder();
        for (String event : events.split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                said.append(content(event.substring("data: ".length()), "/choices/0/delta/content"));
            }
        }
        return said.toString();
    }

    private static String content(String json, String pointer) {
        try {
            JsonNode tree = JSON.readTree(json);
            return tree.at(pointer).asText();
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("the engine sends no JSON: " + json, e);
        }
    }
}
