package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What merging must keep, on streams at random that are settled at random. */
final class ChunkMergerPropertyTest {

    private static final int STREAMS = 4_000;

    @Test
    void aMergedStreamMeansWhatTheEnginesDoesAndIsNeverLonger() {
        long sent = 0;
        long received = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            Random random = new Random(seed);
            int choices = 1 + random.nextInt(4);
            List<String> engines = RandomChunks.stream(seed, choices);
            List<String> merged = Merged.settledAtRandom(engines, random);
            assertThat(StreamMeaning.of(merged, choices).lines())
                    .as("seed %d\n%s\nbecame\n%s", seed, String.join("", engines), String.join("", merged))
                    .containsExactlyElementsOf(
                            StreamMeaning.of(engines, choices).lines());
            int length = String.join("", merged).length();
            assertThat(length).isLessThanOrEqualTo(String.join("", engines).length());
            sent += String.join("", engines).length();
            received += length;
        }
        assertThat(received).as("of %d bytes", sent).isLessThan(sent * 9 / 10);
    }

    @Test
    void whatIsNotMergedIsTheEnginesByteForByte() {
        for (int seed = 0; seed < STREAMS; seed++) {
            List<String> engines = RandomChunks.stream(seed, 2);
            assertThat(Merged.settledAfterEach(engines)).isEqualTo(engines);
        }
    }
}
