package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What signals do before a command is ready and after. */
final class TerminationTest {

    private final List<String> ends = new ArrayList<>();
    private final Termination termination =
            new Termination(code -> ends.add("exit " + code), code -> ends.add("halt " + code));

    @Test
    void beforeItIsReadyTheFirstSignalExitsAndFurtherOnesHalt() {
        termination.signal(15);
        assertThat(ends).containsExactly("exit 143");
        termination.ready();
        termination.signal(2);
        assertThat(ends).containsExactly("exit 143", "halt 130");
    }

    @Test
    void onceItIsReadySignalsAreKept() {
        termination.ready();
        termination.signal(15);
        termination.signal(2);
        assertThat(ends).isEmpty();
    }
}
