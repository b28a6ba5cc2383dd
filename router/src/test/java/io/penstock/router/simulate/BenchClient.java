package io.penstock.router.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection to an {@link EngineBench} and what it received. Threading: the test's thread. */
final class BenchClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddedChannel channel;
    private final List<String> chunks = new ArrayList<>();
    private @Nullable HttpResponse head;
    private boolean ended;

    BenchClient(EmbeddedChannel channel) {
        this.channel = channel;
    }

    BenchClient post(String path, String json, String... headers) {
        channel.writeInbound(EngineBench.request(HttpMethod.POST, path, json, headers));
        settle();
        return this;
    }

    BenchClient get(String path, String... headers) {
        channel.writeInbound(EngineBench.request(HttpMethod.GET, path, "", headers));
        settle();
        return this;
    }

    void settle() {
        channel.runPendingTasks();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            if (message instanceof HttpResponse response) {
                head = response;
            }
            if (message instanceof HttpContent content) {
                String text = content.content().toString(StandardCharsets.UTF_8);
                if (!text.isEmpty()) {
                    chunks.add(text);
                }
            }
            ended |= message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
        }
    }

    /** Stops or starts taking bytes. */
    void reading(boolean reads) {
        Objects.requireNonNull(channel.unsafe().outboundBuffer()).setUserDefinedWritability(1, reads);
        channel.runPendingTasks();
    }

    void leave() {
        channel.close();
        settle();
    }

    boolean open() {
        return channel.isOpen();
    }

    boolean answered() {
        return head != null;
    }

    /** True once the answer came to a clean end. */
    boolean ended() {
        return ended;
    }

    int status() {
        return Objects.requireNonNull(head, "no head yet").status().code();
    }

    HttpHeaders headers() {
        return Objects.requireNonNull(head, "no head yet").headers();
    }

    /** What came, one element per HTTP chunk. */
    List<String> chunks() {
        return chunks;
    }

    /** The whole body. */
    String body() {
        return String.join("", chunks);
    }

    JsonNode json() {
        return parse(body());
    }

    /** The JSON of all events but {@code [DONE]}, which must be the last if the answer ended. */
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        for (String chunk : chunks) {
            if (!chunk.startsWith("data: ") || !chunk.endsWith("\n\n")) {
                throw new AssertionError("no event: " + chunk);
            }
            String payload = chunk.substring("data: ".length(), chunk.length() - 2);
            if (!payload.equals("[DONE]")) {
                events.add(parse(payload));
            }
        }
        return events;
    }

    /** What choice {@code index} said in all events, in chat or in completions. */
    String said(int index) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events()) {
            for (JsonNode choice : event.path("choices")) {
                if (choice.path("index").asInt() == index) {
                    text.append(choice.path("delta").path("content").asText());
                    text.append(choice.path("text").asText());
                }
            }
        }
        return text.toString();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        settle();
        channel.finishAndReleaseAll();
    }
}
