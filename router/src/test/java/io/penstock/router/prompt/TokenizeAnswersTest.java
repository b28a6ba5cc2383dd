package io.penstock.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.TokenizerConfig;
import io.penstock.router.tokenize.Samples;
import io.penstock.router.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TokenizeAnswersTest {

    private static byte @Nullable [] tokenize(String json, boolean unwanted) throws IOException, ProxyFailure {
        Tokenizer tokenizer = Samples.tokenizer("llama-style", 0);
        var config = new TokenizerConfig(
                "llama", TokenizerConfig.Type.HUGGINGFACE, "somewhere", null, List.of(), new ByteSize(0));
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        return TokenizeAnswers.tokenize(
                body,
                new LoadedTokenizer(config, tokenizer, rendered -> "rendered"),
                tokenizer,
                PromptCalls.call("/tokenize", null, () -> unwanted));
    }

    @Test
    void nothingIsTokenizedForAClientThatLeft() throws IOException, ProxyFailure {
        String json = "{\"prompt\":\"a\"}";

        assertThat(tokenize(json, false)).isNotNull();
        assertThatThrownBy(() -> tokenize(json, true)).isInstanceOf(CancellationException.class);
    }

    @Test
    void aChatWithATemplateOfItsOwnIsTheEnginesToTokenize() throws IOException, ProxyFailure {
        assertThat(tokenize("{\"messages\":[]}", false)).isNotNull();
        assertThat(tokenize("{\"messages\":[],\"chat_template\":\"x\"}", false)).isNull();
    }
}
