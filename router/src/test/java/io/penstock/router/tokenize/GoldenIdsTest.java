package io.penstock.router.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and texts are those of the reference libraries, for every text of the golden file. */
final class GoldenIdsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"llama-style", "qwen-style", "gpt2-style", "sentencepiece-style", "cl100k_base", "o200k_base"})
    void idsAndTextsAreThoseOfTheReference(String name) throws IOException {
        Tokenizer tokenizer = Samples.tokenizer(name, 1 << 20);
        for (JsonNode entry : Samples.golden()) {
            String what = name + ": " + entry.path("name").asText();
            String text = Samples.text(entry);
            JsonNode found = entry.path("ids").path(name);
            int[] plain = tokenizer.encode(text, false);
            assertThat(tokenizer.count(text, false, Integer.MAX_VALUE, () -> false))
                    .as(what)
                    .isEqualTo(plain.length);
            if (found.has("sha256")) {
                assertThat(plain).as(what).hasSize(found.path("count").asInt());
                assertThat(Samples.digest(plain))
                        .as(what)
                        .isEqualTo(found.path("sha256").asText());
            } else {
                compare(tokenizer, text, found, what);
            }
        }
    }

    private static void compare(Tokenizer tokenizer, String text, JsonNode found, String what) {
        int[] plain = Samples.ids(found.path("plain"));
        assertThat(tokenizer.encode(text, false)).as(what).isEqualTo(plain);
        assertThat(tokenizer.encode(text, true))
                .as(what)
                .isEqualTo(found.has("special") ? Samples.ids(found.path("special")) : plain);
        assertThat(tokenizer.decode(plain))
                .as(what)
                .isEqualTo(found.has("decoded") ? found.path("decoded").asText() : text);
    }
}
