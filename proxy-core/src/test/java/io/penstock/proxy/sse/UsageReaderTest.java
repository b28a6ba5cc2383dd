package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.TokenUsage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found of tokens at the end of answers. */
final class UsageReaderTest {

    private static @Nullable TokenUsage read(String tail) {
        return UsageReader.last(tail.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ofAStreamWithUsage() {
        assertThat(
                        read(
                                "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: {\"id\":\"c\",\"choices\":[],\"usage\":"
                                        + "{\"prompt_tokens\":5,\"total_tokens\":7,\"completion_tokens\":2,"
                                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}},\"system_fingerprint\":\"v\"}\n\ndata: [DONE]\n\n"))
                .isEqualTo(new TokenUsage(5, 4, 2));
    }

    @Test
    void ofAStreamWithRunningTotalsTheLastOne() {
        String one = "data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}";
        String two = "data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}";
        assertThat(read(String.join("\n\n", one, two, "data: {\"usage\":null}", "")))
                .isEqualTo(new TokenUsage(5, -1, 2));
    }

    @Test
    void ofABodyThatIsLaidOut() {
        assertThat(read("""
                {
                  "choices": [],
                  "usage" : {
                    "prompt_tokens" : 12,
                    "completion_tokens": 30,
                    "prompt_tokens_details": null
                  }
                }
                """)).isEqualTo(new TokenUsage(12, -1, 30));
    }

    @Test
    void ofAnEmbedding() {
        assertThat(read("],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"))
                .isEqualTo(new TokenUsage(8, -1, -1));
    }

    @Test
    void ofResponses() {
        assertThat(
                        read(
                                "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"output\":[],"
                                        + "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens\":3,"
                                        + "\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":12},\"user\":null}}\n\n"))
                .isEqualTo(new TokenUsage(9, 8, 3));
    }

    @Test
    void ofMessagesWhoseCachedTokensCountBesideTheOthers() {
        assertThat(read(
                        "{\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":2,\"cache_read_input_tokens\":30,"
                                + "\"output_tokens\":4}}"))
                .isEqualTo(new TokenUsage(42, 30, 4));
    }

    @Test
    void ofTheBeginningOfMessagesTheFirstOne() {
        String start = "data: {\"message\":{\"usage\":{\"input_tokens\":11,\"output_tokens\":0}}}";
        String delta = "data: {\"usage\":{\"output_tokens\":25}}";
        byte[] both =
                String.join("\n\n", "data: {\"usage\":{}}", start, delta, "").getBytes(StandardCharsets.UTF_8);
        assertThat(UsageReader.first(both)).isEqualTo(new TokenUsage(11, -1, 0));
        assertThat(UsageReader.last(both)).isEqualTo(new TokenUsage(-1, -1, 25));
        assertThat(UsageReader.first(new byte[0])).isNull();
    }

    @Test
    void ofTheEndOfMessages() {
        String delta = "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":15}}";
        assertThat(read(String.join("\n\n", delta, "event: message_stop\ndata: {}", "")))
                .isEqualTo(new TokenUsage(-1, -1, 15));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"usage\"",
                "\"usage\":",
                "\"usage\":{",
                "\"usage\":{\"prompt_tokens\":5",
                "\"usage\":null",
                "\"usage\":{}",
                "\"usage\":[{\"prompt_tokens\":5}]",
                "\"usage\":{\"prompt_tokens\":null}",
                "\"usage\":{\"prompt_tokens\":\"5\"}",
                "\"usage\":{\"prompt_tokens\":-5}",
                "\"content\":\"say \\\"usage\\\":{\\\"prompt_tokens\\\":5}\"",
                "data: [DONE]\n\n"
            })
    void nothingIsMadeUp(String tail) {
        assertThat(read(tail)).isNull();
    }
}
