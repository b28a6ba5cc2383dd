package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SimulatedTextTest {

    @Test
    void aPlainTextHasWordsOnly() {
        assertThat(SimulatedText.of(7, "a prompt").first(200)).doesNotMatch("[a-z ,.:]+");
        assertThat(SimulatedText.of(7, "a prompt").plain().first(200)).matches("[a-z ,.:]+");
    }

    @Test
    void seedAndPromptFixEveryToken() {
        assertThat(SimulatedText.of(7, "a prompt").first(200))
                .isEqualTo(SimulatedText.of(7, "a prompt").first(200));
    }

    @Test
    void anotherSeedPromptOrChoiceSaysSomethingElse() {
        Set<String> texts = new HashSet<>();
        texts.add(SimulatedText.of(7, "a prompt").first(20));
        texts.add(SimulatedText.of(8, "a prompt").first(20));
        texts.add(SimulatedText.of(7, "a prompT").first(20));
        texts.add(SimulatedText.of(7, "a prompt", 1).first(20));
        assertThat(texts).hasSize(4);
    }

    @Test
    void theTextIsTheSameInEveryRelease() {
        assertThat(SimulatedText.of(0, "hello").first(8)).isEqualTo(" turns slowly mill of, spring bridge hums");
    }

    @Test
    void everyTokenInJsonReadsAsItsText() throws Exception {
        ObjectMapper json = new ObjectMapper();
        SimulatedText text = SimulatedText.of(1, "x");
        for (int i = 0; i < 2000; i++) {
            String quoted = '"' + new String(text.json(i), StandardCharsets.UTF_8) + '"';
            assertThat(json.readValue(quoted, String.class)).isEqualTo(text.token(i));
        }
    }

    @Test
    void multiByteTextEscapesAndControlCharactersComeUpNowAndThen() {
        String text = SimulatedText.of(1, "x").first(2000);
        assertThat(text).contains("🌊", "水", "é", "\"", "\\", "\n", "\t", "\u2028", "\u0001", "data: ");
    }

    @Test
    void anAnswerEndsByItselfUnlessALimitCutsIt() {
        SimulatedText text = SimulatedText.of(3, "prompt");
        int natural = text.naturalTokens(64);
        assertThat(natural).isBetween(32, 96);
        assertThat(text.answer(5, 64)).isEqualTo(text.first(5));
        assertThat(text.answer(1000, 64)).isEqualTo(text.first(natural - 1));
    }
}
