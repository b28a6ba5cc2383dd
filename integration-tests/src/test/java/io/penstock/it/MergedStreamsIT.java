package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The official OpenAI SDK for Java makes the same of a stream whether its events are merged or not. */
final class MergedStreamsIT {

    private static final String MERGING = "8;maxDelay=10s;mode=merge";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String NOT_MERGING = "1";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    static Stream<Arguments> chats() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> RecordedStreams.chats().stream().map(events -> Arguments.of(kind, events)));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void aChatIsTheSame(EngineKind kind, List<String> events) {
        Read<ChatCompletion> plain = read(kind, events, MergedStreamsIT::chat, NOT_MERGING);
        Read<ChatCompletion> merged = read(kind, events, MergedStreamsIT::chat, MERGING);
        assertThat(merged.answer()).isEqualTo(plain.answer());
        assertThat(merged.chunks()).isLessThan(plain.chunks() / 2);
    }

    @ParameterizedTest
    @EnumSource
    void reasoningThatTheSdkDoesNotKnowIsTheSame(EngineKind kind) throws IOException {
        List<String> events = RecordedStreams.reasoning();
        try (RawClient client = RawClient.connect(start(kind, events).port())) {
            client.post("/v1/chat/completions", BODY, "x-penstock-stream-interval: " + MERGING);
            String merged = client.readResponse().text();
            assertThat(reasoning(merged)).isNotEmpty().isEqualTo(reasoning(String.join("", events)));
            assertThat(EventText.said(merged, 0)).isEqualTo(EventText.said(String.join("", events), 0));
            assertThat(merged.lastIndexOf("reasoning_content")).isLessThan(merged.indexOf("\"content\":\"Hel"));
        }
    }

    private static String reasoning(String body) {
        StringBuilder reasoning = new StringBuilder();
        for (String event : body.split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                reasoning.append(OpenAiErrors.parse(event.substring("data: ".length()))
                        .at("/choices/0/delta/reasoning_content")
                        .asText());
            }
        }
        return reasoning.toString();
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionIsTheSame(EngineKind kind) {
        List<String> events = RecordedStreams.completion();
        Read<List<Completion>> plain = read(kind, events, MergedStreamsIT::completion, NOT_MERGING);
        Read<List<Completion>> merged = read(kind, events, MergedStreamsIT::completion, MERGING);
        assertThat(merged.extras()).isEqualTo(plain.extras());
        assertThat(merged.chunks()).isLessThan(plain.chunks() / 2);
    }

    @ParameterizedTest
    @MethodSource("others")
    void streamsOfOtherApisStayAsTheyAre(EngineKind kind, String path, List<String> events) throws IOException {
        try (RawClient client = RawClient.connect(start(kind, events).port())) {
            client.post(path, BODY, "x-penstock-stream-interval: " + MERGING);
            assertThat(client.readResponse().text()).isEqualTo(String.join("", events));
        }
    }

    static Stream<Arguments> others() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> Stream.of(
                        Arguments.of(kind, "/v1/messages", RecordedStreams.messages()),
                        Arguments.of(kind, "/v1/responses", RecordedStreams.responses())));
    }

    /**
     * What the SDK made of a stream.
     *
     * @param answer the whole of it
     * @param extras what the SDK does not put together, joined
     * @param chunks of how many chunks
     */
    private record Read<T>(T answer, String extras, int chunks) {}

    private RouterUnderTest start(EngineKind kind, List<String> events) {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().data(String.join("", events));
            turn.end();
        });
        return router.start(new RouterSetup().engines(engine));
    }

    private <T> Read<T> read(EngineKind kind, List<String> events, Function<Asked, Read<T>> reader, String interval) {
        RouterUnderTest under = start(kind, events);
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(under.url() + "/v1")
                .apiKey("any")
                .maxRetries(0)
                .build();
        try {
            return reader.apply(new Asked(client, interval));
        } finally {
            client.close();
        }
    }

    /** A client, and the interval it asks for. */
    private record Asked(OpenAIClient client, String interval) {}

    private static Read<ChatCompletion> chat(Asked asked) {
        var params = ChatCompletionCreateParams.builder()
                .model("m")
                .addUserMessage("hello")
                .putAdditionalHeader("x-penstock-stream-interval", asked.interval())
                .build();
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        int chunks = 0;
        try (StreamResponse<ChatCompletionChunk> stream =
                asked.client().chat().completions().createStreaming(params)) {
            for (ChatCompletionChunk chunk : (Iterable<ChatCompletionChunk>) stream.stream()::iterator) {
                chunks++;
                accumulator.accumulate(chunk);
            }
        }
        return new Read<>(accumulator.chatCompletion(), "", chunks);
    }

    private static Read<List<Completion>> completion(Asked asked) {
        var params = CompletionCreateParams.builder()
                .model("m")
                .prompt("hello")
                .putAdditionalHeader("x-penstock-stream-interval", asked.interval())
                .build();
        List<Completion> chunks = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        List<Object> logprobs = new ArrayList<>();
        try (StreamResponse<Completion> stream = asked.client().completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> {
                chunks.add(chunk);
                chunk.choices().forEach(choice -> {
                    said.append(choice.text());
                    choice.logprobs().ifPresent(found -> {
                        found.tokens().ifPresent(logprobs::addAll);
                        found.tokenLogprobs().ifPresent(logprobs::addAll);
                    });
                });
            });
        }
        return new Read<>(
                chunks,
                said + " " + logprobs.stream().map(Object::toString).sorted().toList(),
                chunks.size());
    }
}
