package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulatedTokenizerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "hello world", "  two  blanks ", "Straße 水の流れ 👩‍🔧 end", "\u0000\u0001\n\r\n", "🌊🌊"})
    void whatIsEncodedDecodesToTheSame(String text) {
        assertThat(SimulatedTokenizer.decode(SimulatedTokenizer.encode(text))).isEqualTo(text);
    }

    @Test
    void idsAreTheNumbersTheBytesSpell() {
        assertThat(SimulatedTokenizer.encode("a bcd"))
                .containsExactly('a', 65_792 + (' ' << 16) + ('b' << 8) + 'c', 'd');
        assertThat(SimulatedTokenizer.encode("ab")).containsExactly(256 + ('a' << 8) + 'b');
    }

    @Test
    void charactersOfUpToThreeBytesAreNeverCut() {
        for (int id : SimulatedTokenizer.encode("äöü wörter 水の流れ ñandú")) {
            assertThat(SimulatedTokenizer.decode(new int[] {id})).doesNotContain("\ufffd");
        }
    }

    @Test
    void aTextThatGoesOnWithABlankKeepsItsTokens() {
        int[] start = SimulatedTokenizer.encode("the river flows");
        int[] whole = SimulatedTokenizer.encode("the river flows to the mill");
        assertThat(Arrays.copyOf(whole, start.length)).containsExactly(start);
    }

    @Test
    void idsOutOfRangeCountAsNothing() {
        assertThat(SimulatedTokenizer.decode(new int[] {-1, 'x', SimulatedTokenizer.VOCABULARY_SIZE}))
                .isEqualTo("x");
    }
}
