package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Mutations;
import io.penstock.proxy.testkit.WireCase;
import io.penstock.proxy.testkit.WireCorpus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer of the corpus split everywhere, and the short run of the fuzz target here. */
final class FuzzTest {

    static List<WireCase> corpus() {
        return WireCorpus.answers();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void aSplitAnywhereChangesNothing(WireCase answer) {
        byte[] wire = answer.bytes();
        String whole = AnswersFuzz.seen(wire);
        for (int split = 1; split < wire.length; split++) {
            assertThat(AnswersFuzz.seen(Arrays.copyOf(wire, split), Arrays.copyOfRange(wire, split, wire.length)))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
    }

    @Test
    void damagedAnswersAreSeenTheSameHoweverTheyAreCut() {
        Mutations.run(2, 4000, corpus().stream().map(WireCase::bytes).toList(), AnswersFuzz::fuzzerTestOneInput);
    }
}
