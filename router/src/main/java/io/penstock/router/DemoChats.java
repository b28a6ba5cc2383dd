package io.penstock.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's client: several streamed chats at the same time, each on a thread of its own, reported as events in the
 * order they happen. Threading: {@link #ask} and {@link #next} from one thread.
 */
final class DemoChats implements AutoCloseable {

    private static final int MAX_CHATS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long APART_MILLIS = 120;
    private static final String DATA = "data: ";

    private final URI url;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(MAX_CHATS, new DefaultThreadFactory("demo-chat", true));
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(1024);

    /** Chats with the router at this base URL. */
    DemoChats(URI router) {
        this.url = router.resolve("/v1/chat/completions");
    }

    /** What happens in the chat of one row. Threading: immutable. */
    sealed interface Event {

        /** The row, counted from 0. */
        int row();

        /** The response head arrived. */
        record Answered(int row, String engine) implements Event {}

        /** Some text arrived. */
        record Text(int row, String text) implements Event {}

        /** The chat is over, with a problem or without. */
        record Ended(int row, @Nullable String problem) implements Event {}
    }

    /** Begins one chat for each session, a little apart. */
    void ask(List<String> sessions, List<String> questions, int tokens) {
        for (int row = 0; row < sessions.size(); row++) {
            int chat = row;
            HttpRequest request = request(sessions.get(row), questions.get(row), tokens);
            threads.schedule(() -> stream(chat, request), row * APART_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The next event, waited for. */
    Event next() throws InterruptedException {
        return events.take();
    }

    private HttpRequest request(String session, String question, int tokens) {
        ObjectNode body =
                json.createObjectNode().put("model", "sim").put("stream", true).put("max_tokens", tokens);
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        return HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("x-session-id", session)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private void stream(int row, HttpRequest request) {
        try {
            tell(new Event.Ended(row, problem(row, client.send(request, HttpResponse.BodyHandlers.ofLines()))));
        } catch (IOException | UncheckedIOException e) {
            tell(new Event.Ended(row, "failed: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String problem(int row, HttpResponse<Stream<String>> response) throws IOException {
        tell(new Event.Answered(
                row, response.headers().firstValue("x-penstock-engine").orElse("nobody")));
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                return "status " + response.statusCode();
            }
            boolean done = false;
            for (String line : (Iterable<String>) lines::iterator) {
                done |= line.equals(DATA + "[DONE]");
                if (line.startsWith(DATA) && !done) {
                    tellText(row, json.readTree(line.substring(DATA.length())));
                }
            }
            return done ? null : "cut";
        }
    }

    private void tellText(int row, JsonNode chunk) {
        String text = chunk.at("/choices/0/delta/content").asText();
        if (!text.isEmpty()) {
            tell(new Event.Text(row, text));
        }
    }

    private void tell(Event event) {
        try {
            events.put(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
