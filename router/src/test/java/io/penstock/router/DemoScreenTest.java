package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoScreenTest {

    private static final String ESCAPE = "\u001b";

    private final StringWriter shown = new StringWriter();

    @Test
    void aLogGetsWholeLinesInTheOrderOfArrivalAndNoEscapes() {
        DemoScreen screen = new DemoScreen(new PrintWriter(shown), false, false);
        screen.begin(List.of("ada", "ben"));
        screen.answered(0, 1);
        screen.answered(1, 0);
        screen.text(1, " water turns the wheel and the river flows");
        screen.text(0, " a short one");
        screen.ended(0);
        screen.ended(1);
        screen.end();

        assertThat(shown.toString().lines())
                .containsExactly("  ben   A  water turns the wheel and the river flows", "  ada   B  a short one");
    }

    @Test
    void aTerminalGetsOneRowPerChatThatIsRedrawn() {
        DemoScreen screen = new DemoScreen(new PrintWriter(shown), true, false);
        screen.begin(List.of("ada", "ben"));
        screen.answered(0, 2);
        screen.text(0, "water");

        assertThat(shown.toString())
                .endsWith(ESCAPE + "[2A\r" + ESCAPE + "[K  ada   C  water" + ESCAPE + "[2B\r")
                .doesNotContain(ESCAPE + "[36m");
    }

    @Test
    void aRowNeverGrowsBeyondItsWidth() {
        DemoScreen screen = new DemoScreen(new PrintWriter(shown), true, true);
        screen.begin(List.of("ada"));
        for (int i = 0; i < 50; i++) {
            screen.text(0, " word" + i);
        }

        String last = shown.toString().substring(shown.toString().lastIndexOf(ESCAPE + "[K"));
        assertThat(last).contains("..").contains("word49").doesNotContain("word1 ");
        assertThat(last.length()).isLessThan(100);
    }

    @Test
    void textCannotMoveTheCursor() {
        DemoScreen screen = new DemoScreen(new PrintWriter(shown), false, false);
        screen.begin(List.of("ada"));
        screen.text(0, "a\u001b[2J\r\n\tb");
        screen.ended(0);

        assertThat(shown.toString()).contains("a [2J b").doesNotContain(ESCAPE);
    }
}
