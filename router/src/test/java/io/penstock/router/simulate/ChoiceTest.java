package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChoiceTest {

    private static final SimulatedText TEXT = SimulatedText.of(5, "prompt");

    @Test
    void aLimitEndsItWithText() {
        Choice choice = Choice.of(0, TEXT, 4, 10, List.of());
        assertThat(choice.total()).isEqualTo(4);
        assertThat(choice.finishReason()).isEqualTo("length");
        assertThat(choice.visible()).isEqualTo(TEXT.first(4));
        assertThat(choice.json(3)).isEqualTo(TEXT.json(3));
    }

    @Test
    void anEndTokenHasNoText() {
        Choice choice = Choice.of(0, TEXT, 10, 4, List.of());
        assertThat(choice.total()).isEqualTo(4);
        assertThat(choice.finishReason()).isEqualTo("stop");
        assertThat(choice.visible()).isEqualTo(TEXT.first(3));
        assertThat(choice.json(3)).isEmpty();
    }

    @Test
    void aStopStringCutsTheTextBeforeItEvenAcrossTokens() {
        String whole = TEXT.first(40);
        int boundary = TEXT.first(20).length();
        String stop = whole.substring(boundary - 2, boundary + 2);
        Choice choice = Choice.of(0, TEXT, 40, 100, List.of("never there", stop));
        String expected = whole.substring(0, whole.indexOf(stop));
        assertThat(choice.visible()).isEqualTo(expected);
        assertThat(choice.finishReason()).isEqualTo("stop");
        assertThat(choice.stopReason()).isEqualTo(stop);
        assertThat(chunks(choice)).isEqualTo(new String(Vocabulary.escaped(expected), StandardCharsets.UTF_8));
        assertThat(whole.indexOf(stop) + stop.length())
                .isLessThanOrEqualTo(TEXT.first(choice.total()).length())
                .isGreaterThan(TEXT.first(choice.total() - 1).length());
    }

    @Test
    void aStopStringThatNeverComesChangesNothing() {
        Choice choice = Choice.of(0, TEXT, 8, 100, List.of("never there"));
        assertThat(choice).isEqualTo(Choice.of(0, TEXT, 8, 100, List.of()));
    }

    private static String chunks(Choice choice) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < choice.total(); i++) {
            text.append(new String(choice.json(i), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
