package io.penstock.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.TokenizerConfig;
import io.penstock.router.prompt.TokenizerCounts.Outcome;
import io.penstock.router.tokenize.Samples;
import io.penstock.router.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PromptCounterTest {

    private static final String COMPLETIONS = "/v1/completions";
    private static final String CHAT = "/v1/chat/completions";

    private final Tokenizer tokenizer;
    private LoadedTokenizer loaded;

    PromptCounterTest() throws IOException {
        tokenizer = Samples.tokenizer("llama-style", 0);
        loaded = loaded(null);
    }

    private LoadedTokenizer loaded(@Nullable ChatRenderer chats) {
        var config = new TokenizerConfig(
                "llama", TokenizerConfig.Type.HUGGINGFACE, "somewhere", null, List.of(), new ByteSize(0));
        return new LoadedTokenizer(config, tokenizer, chats);
    }

    private TokenCount count(String path, String json) throws IOException {
        return count(path, json, Integer.MAX_VALUE);
    }

    private TokenCount count(String path, String json, int enough) throws IOException {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        try {
            return new PromptCounter(loaded, tokenizer, enough, () -> false).count(body, PromptKind.of(path), "m");
        } finally {
            assertThat(body.readerIndex()).isZero();
            body.release();
        }
    }

    private int tokens(String text) {
        return tokenizer.encode(text, true).length;
    }

    @Test
    void everyFormOfAPromptIsCounted() throws IOException {
        int hello = tokens("hello there");
        int other = tokens("other");

        assertThat(count(COMPLETIONS, "{\"prompt\":\"hello there\"}")).isEqualTo(new TokenCount(hello, hello, true, 0));
        assertThat(count(COMPLETIONS, "{\"prompt\":[\"hello there\",\"other\"],\"max_tokens\":7}"))
                .isEqualTo(new TokenCount(hello + other, hello, true, 7));
        assertThat(count(COMPLETIONS, "{\"prompt\":[1,2,3]}")).isEqualTo(new TokenCount(3, 3, true, 0));
        assertThat(count(COMPLETIONS, "{\"prompt\":[[1,2,3],[4,5]]}")).isEqualTo(new TokenCount(5, 3, true, 0));
        assertThat(count("/v1/embeddings", "{\"input\":[\"hello there\"]}").total())
                .isEqualTo(hello);
        assertThat(count(COMPLETIONS, "{\"prompt\":\"hello there\",\"add_special_tokens\":false}")
                        .total())
                .isEqualTo(hello - 1);
        assertThat(count(COMPLETIONS, "{\"prompt\":\"\"}").total()).isEqualTo(tokens(""));
        assertThat(count(COMPLETIONS, "{\"prompt\":null}").total()).isZero();
    }

    @Test
    void whatIsNoTextIsNotCalledExact() throws IOException {
        assertThat(count(COMPLETIONS, "{\"prompt\":{\"a\":1}}").exact()).isFalse();
        assertThat(count(COMPLETIONS, "{\"prompt\":[1,{}]}").exact()).isFalse();
        assertThat(count(COMPLETIONS, "{\"prompt\":\"a\",\"prompt_embeds\":\"AAAA\"}")
                        .exact())
                .isFalse();
        assertThat(count("/v1/responses", "{\"input\":\"a\"}").exact()).isFalse();
        loaded = loaded(body -> "rendered");
        assertThat(count(CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                        .exact())
                .isTrue();
        assertThat(count(
                                CHAT,
                                "{\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}]}")
                        .exact())
                .isFalse();
    }

    /** Templates are told other things there than for chats that are answered. */
    @Test
    void chatsAreExactOnlyWhereItIsKnownHowTheyAreRendered() throws IOException {
        loaded = loaded(body -> "rendered");
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

        assertThat(count("/tokenize", "{" + messages + "}").exact()).isTrue();
        assertThat(count("/v1/embeddings", "{" + messages + "}").exact()).isFalse();
        assertThat(count(COMPLETIONS, "{\"prompt\":\"a\"," + messages + "}").exact())
                .isFalse();
        assertThat(count(CHAT, "{" + messages + ",\"chat_template\":null}").exact())
                .isTrue();
        assertThat(count(CHAT, "{" + messages + ",\"chat_template\":\"of its own\"}")
                        .exact())
                .isFalse();
    }

    @Test
    void theLastOfTwoKeysCounts() throws IOException {
        assertThat(count(COMPLETIONS, "{\"prompt\":\"a b c d\",\"max_tokens\":3,\"prompt\":[1],\"max_tokens\":4}"))
                .isEqualTo(new TokenCount(1, 1, true, 4));
    }

    @Test
    void truncationIsArithmetic() throws IOException {
        String prompt = "\"prompt\":\"" + "word ".repeat(400) + "\"";
        int all = tokens("word ".repeat(400));

        assertThat(count(COMPLETIONS, "{\"truncate_prompt_tokens\":9," + prompt + "}")
                        .longest())
                .isEqualTo(9);
        assertThat(count(COMPLETIONS, "{\"truncate_prompt_tokens\":-1," + prompt + "}", 50)
                        .longest())
                .as("with room for one token")
                .isEqualTo(49);
        assertThat(count(COMPLETIONS, "{\"truncate_prompt_tokens\":-1,\"max_tokens\":20," + prompt + "}", 50))
                .isEqualTo(new TokenCount(30, 30, true, 20))
                .matches(count -> !count.exceeds(50, true));
        assertThat(count("/v1/embeddings", "{\"truncate_prompt_tokens\":-1," + prompt + "}", 50)
                        .longest())
                .isEqualTo(50);
        assertThat(count(COMPLETIONS, "{\"truncate_prompt_tokens\":100000," + prompt + "}", 50)
                        .longest())
                .isEqualTo(all);
        assertThat(count(COMPLETIONS, "{" + prompt + "}", 50).longest()).isGreaterThan(50);
    }

    @Test
    void aChatIsCountedAsItsTemplateRendersIt() throws IOException {
        loaded = loaded(body -> "<|im_start|>" + body.readAllBytes().length);

        assertThat(count(CHAT, "{\"messages\":[]}").total())
                .isEqualTo(tokenizer.encode("<|im_start|>15", false).length);
        assertThat(loaded.counts().of(Outcome.COUNTED)).isOne();
    }

    @Test
    void aChatWhoseTemplateFailsIsEstimated() throws IOException {
        loaded = loaded(body -> {
            throw new IOException("line 3: nothing fits");
        });
        TokenCount count = count(
                CHAT,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(100) + "\"}],\"max_tokens\":5}");

        assertThat(count.exact()).isFalse();
        assertThat(count.total()).isBetween(100L, 500L);
        assertThat(count.asked()).isEqualTo(5);
        assertThat(loaded.counts().of(Outcome.TEMPLATE_FAILED)).isOne();
        assertThat(loaded.counts().of(Outcome.ESTIMATED)).isOne();
    }

    @Test
    void aDefectOfTheRenderingIsAFailureLikeAnyOther() throws IOException {
        loaded = loaded(body -> {
            throw new ArithmeticException("a defect");
        });

        assertThat(count(CHAT, "{\"messages\":[]}").exact()).isFalse();
        assertThat(loaded.counts().of(Outcome.TEMPLATE_FAILED)).isOne();
    }

    @Test
    void toolsAndCallsAreEstimatedByTheirBytes() throws IOException {
        String tools = "[{\"type\":\"function\",\"function\":{\"name\":\"" + "x".repeat(400) + "\"}}]";
        long without = count(CHAT, "{\"messages\":[{\"content\":\"a\"}]}").total();

        assertThat(count(CHAT, "{\"messages\":[{\"content\":\"a\"}],\"tools\":" + tools + "}")
                        .total())
                .isBetween(without + 100, without + 130);
        assertThat(count(CHAT, "{\"messages\":[{\"content\":\"a\",\"tool_calls\":" + tools + "}]}")
                        .total())
                .isBetween(without + 100, without + 130);
    }

    @Test
    void onlyAnExactCountExceeds() {
        assertThat(new TokenCount(10, 10, true, 0).exceeds(10, true))
                .as("no room for one token")
                .isTrue();
        assertThat(new TokenCount(10, 10, true, 0).exceeds(10, false)).isFalse();
        assertThat(new TokenCount(10, 10, true, 5).exceeds(15, true)).isFalse();
        assertThat(new TokenCount(10, 10, true, 6).exceeds(15, true)).isTrue();
        assertThat(new TokenCount(99, 9, true, 0).exceeds(10, true))
                .as("several prompts")
                .isFalse();
        assertThat(new TokenCount(99, 99, false, 0).exceeds(10, true)).isFalse();
        assertThat(new TokenCount(1, 1, true, Long.MAX_VALUE).exceeds(10, true)).isTrue();
        assertThat(new TokenCount(10, 10, true, 6).exceeds(10, false))
                .as("nothing is generated")
                .isFalse();
    }
}
