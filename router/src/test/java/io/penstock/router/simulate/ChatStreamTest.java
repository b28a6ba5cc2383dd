package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChatStreamTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final long SEED = 11;

    private final EngineBench engine = new EngineBench(SimulatedEngineOptions.builder()
            .seed(SEED)
            .time(TimeModel.of(Duration.ofMillis(50), Duration.ofMillis(10)))
            .build());

    @AfterEach
    void close() {
        engine.close();
    }

    private static String body(String fields) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true" + fields + "}";
    }

    @Test
    void theHeadComesBeforeAnyTokenWithUvicornsHeaders() {
        BenchClient client = engine.post(CHAT, body(""));
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.headers().get("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(client.headers().get("transfer-encoding")).isEqualTo("chunked");
        assertThat(client.headers().get("server")).isEqualTo("uvicorn");
        assertThat(client.headers().get("date")).endsWith(" GMT");
        assertThat(client.headers().contains("cache-control")).isFalse();
        engine.advance(49);
        assertThat(client.chunks()).isEmpty();
    }

    @Test
    void roleChunkAndFirstTokenComeTogetherThenOneTokenPerInterval() {
        BenchClient client = engine.post(CHAT, body(",\"max_tokens\":3"), "x-request-id", "r1");
        engine.advance(50);
        assertThat(client.events()).hasSize(2);
        engine.advance(10);
        assertThat(client.events()).hasSize(3);
        engine.advance(10);
        assertThat(client.events()).hasSize(4);
        assertThat(client.ended()).isTrue();
    }

    @Test
    void chunksHaveVllmsShape() {
        BenchClient client = engine.post(CHAT, body(",\"max_tokens\":3"), "x-request-id", "r1");
        engine.advance(100);
        List<JsonNode> events = client.events();
        JsonNode role = events.get(0);
        assertThat(role.path("id").asText()).isEqualTo("chatcmpl-r1");
        assertThat(role.path("object").asText()).isEqualTo("chat.completion.chunk");
        assertThat(role.at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(role.at("/choices/0/delta/content").asText()).isEmpty();
        assertThat(role.has("prompt_token_ids")).isTrue();
        JsonNode delta = events.get(1).at("/choices/0");
        assertThat(delta.path("finish_reason").isNull()).isTrue();
        assertThat(delta.has("token_ids")).isTrue();
        assertThat(delta.has("stop_reason")).isFalse();
        JsonNode finish = events.get(3);
        assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(finish.at("/choices/0/stop_reason").isNull()).isTrue();
        assertThat(finish.path("system_fingerprint").asText()).startsWith("vllm-");
        assertThat(client.chunks().get(4)).isEqualTo("data: [DONE]\n\n");
    }

    @Test
    void theTextIsWhatSimulatedTextSays() {
        BenchClient client = engine.post(CHAT, body(",\"max_completion_tokens\":200,\"ignore_eos\":true"));
        engine.advance(3000);
        String prompt = ChatPrompt.ofUser("hello");
        assertThat(client.said(0)).isEqualTo(SimulatedText.of(SEED, prompt).first(200));
    }

    @Test
    void anAnswerThatEndsByItselfStopsWithAnEmptyLastDelta() {
        BenchClient client = engine.post(CHAT, body(""));
        engine.advance(3000);
        SimulatedText text = SimulatedText.of(SEED, ChatPrompt.ofUser("hello"));
        assertThat(client.said(0)).isEqualTo(text.answer(Integer.MAX_VALUE, 64));
        List<JsonNode> events = client.events();
        assertThat(events).hasSize(text.naturalTokens(64) + 1);
        assertThat(events.get(events.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
    }

    @Test
    void usageComesOnlyWhenAskedForAndLast() {
        String asked = ",\"max_tokens\":2,\"stream_options\":{\"include_usage\":true}";
        BenchClient client = engine.post(CHAT, body(asked));
        engine.advance(100);
        List<JsonNode> events = client.events();
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.path("choices").isEmpty()).isTrue();
        int prompt = SimulatedTokenizer.encode(ChatPrompt.ofUser("hello")).length;
        assertThat(last.at("/usage/prompt_tokens").asInt()).isEqualTo(prompt);
        assertThat(last.at("/usage/completion_tokens").asInt()).isEqualTo(2);
        assertThat(last.at("/usage/total_tokens").asInt()).isEqualTo(prompt + 2);
        assertThat(last.has("system_fingerprint")).isTrue();
        assertThat(events.get(events.size() - 2).has("system_fingerprint")).isFalse();
        assertThat(events.subList(0, events.size() - 1)).noneMatch(event -> event.has("usage"));
    }

    @Test
    void continuousUsageGrowsFromZero() {
        String asked = ",\"max_tokens\":2,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";
        BenchClient client = engine.post(CHAT, body(asked));
        engine.advance(100);
        assertThat(client.events().stream()
                        .map(event -> event.at("/usage/completion_tokens").asInt()))
                .containsExactly(0, 1, 2, 2);
    }

    @Test
    void choicesInterleaveAndEachSaysItsOwn() {
        BenchClient client = engine.post(CHAT, body(",\"max_tokens\":5,\"n\":3"));
        engine.advance(200);
        assertThat(client.events().stream()
                        .limit(6)
                        .map(event -> event.at("/choices/0/index").asInt()))
                .containsExactly(0, 1, 2, 0, 1, 2);
        for (int i = 0; i < 3; i++) {
            assertThat(client.said(i))
                    .isEqualTo(SimulatedText.of(SEED, ChatPrompt.ofUser("hello"), i)
                            .first(5));
        }
    }

    @Test
    void stampedEventsTellWhenEachWasMadeInAFixedWidth() {
        SimulatedEngineOptions stamped = SimulatedEngineOptions.builder()
                .time(TimeModel.of(Duration.ofMillis(50), Duration.ofMillis(10)))
                .stampEvents(true)
                .build();
        try (EngineBench stamping = new EngineBench(stamped)) {
            BenchClient client = stamping.post(CHAT, body(",\"max_tokens\":3"));
            stamping.advance(100);
            assertThat(client.events().stream()
                            .map(event -> event.path("sim_nanos").asText()))
                    .containsExactly(
                            "000000000050000000", "000000000050000000", "000000000060000000", "000000000070000000");
        }
    }

    @Test
    void completionsHaveNoRoleChunkAndAStopReasonEverywhere() {
        BenchClient client = engine.post("/v1/completions", "{\"prompt\":\"hello\",\"stream\":true}");
        engine.advance(500);
        assertThat(client.events()).hasSize(16);
        assertThat(client.events()).allMatch(event -> event.at("/choices/0").has("stop_reason"));
        assertThat(client.events().get(0).path("id").asText()).startsWith("cmpl-");
        assertThat(client.said(0)).isEqualTo(SimulatedText.of(SEED, "hello").first(16));
    }

    @Test
    void severalPromptsInterleaveWithIndexPromptTimesN() {
        String body = "{\"prompt\":[\"a\",\"b\"],\"n\":2,\"max_tokens\":4,\"stream\":true}";
        BenchClient client = engine.post("/v1/completions", body);
        engine.advance(500);
        assertThat(client.said(3)).isEqualTo(SimulatedText.of(SEED, "b", 1).first(4));
    }
}
