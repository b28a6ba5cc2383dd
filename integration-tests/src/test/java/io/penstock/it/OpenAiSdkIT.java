package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.SimulatedText;
import io.penstock.router.simulate.TimeModel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official OpenAI SDK for Java, whose user changed nothing but the base URL. */
final class OpenAiSdkIT {

    private static final int SEED = 7;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void aChatIsAnswered(EngineKind kind) {
        through(kind, client -> {
            ChatCompletion answer = client.chat().completions().create(question("hello", 20));
            assertThat(answer.choices().get(0).message().content()).hasValue(expected("hello", 20));
            assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(20);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aChatIsStreamed(EngineKind kind) {
        through(kind, client -> {
            StringBuilder said = new StringBuilder();
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(question("stream", 50))) {
                stream.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .forEach(choice -> choice.delta().content().ifPresent(said::append));
            }
            assertThat(said).hasToString(expected("stream", 50));
        });
    }

    @ParameterizedTest
    @EnumSource
    void modelsAreListed(EngineKind kind) {
        through(
                kind,
                client -> assertThat(client.models().list().data())
                        .anySatisfy(model -> assertThat(model.id()).isEqualTo("m")));
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownModelIsTheSdksOwnException(EngineKind kind) {
        through(
                kind,
                client -> assertThatThrownBy(() -> client.chat()
                                .completions()
                                .create(question("x", 1).toBuilder()
                                        .model("nope")
                                        .build()))
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContaining("nope"));
    }

    private void through(EngineKind kind, Consumer<OpenAIClient> use) {
        EngineProtocol protocol = kind == EngineKind.H2C ? EngineProtocol.H2C : EngineProtocol.HTTP1;
        SimulatedEngineOptions options = SimulatedEngineOptions.builder()
                .seed(SEED)
                .models(SimulatedModel.base("m"))
                .protocols(EnumSet.of(protocol))
                .time(TimeModel.of(Duration.ofMillis(5), Duration.ofMillis(1)))
                .build();
        try (SimulatedEngine engine = SimulatedEngine.start(options)) {
            RouterUnderTest under =
                    router.start(new RouterSetup().engine(engine.url(), kind == EngineKind.H2C ? "h2c" : "http1"));
            OpenAIClient client = OpenAIOkHttpClient.builder()
                    .baseUrl(under.url() + "/v1")
                    .apiKey("any")
                    .maxRetries(0)
                    .build();
            try {
                use.accept(client);
            } finally {
                client.close();
                under.awaitNothingInFlight();
                under.close();
            }
        }
    }

    private static ChatCompletionCreateParams question(String text, int tokens) {
        return ChatCompletionCreateParams.builder()
                .model("m")
                .addUserMessage(text)
                .maxCompletionTokens(tokens)
                .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
                .build();
    }

    private static String expected(String text, int tokens) {
        return SimulatedText.of(SEED, ChatPrompt.ofUser(text)).first(tokens);
    }
}
