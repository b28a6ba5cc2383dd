package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What merging must keep, on streams at random that are settled at random. */
final class ChunkMergerPropertyTest {

    private static final int STREAMS = 500;

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

    @Test
    void damagedEventsAreNeitherLostNorMoved() {
        List<byte[]> seeds = new ArrayList<>();
        for (int seed = 0; seed < 40; seed++) {
            RandomChunks.stream(seed, 2).forEach(event -> seeds.add(event.getBytes(StandardCharsets.ISO_8859_1)));
        }
        Mutations.run(5, 20_000, seeds, damaged -> {
            String event = new String(damaged, StandardCharsets.ISO_8859_1);
            assertThat(String.join("", Merged.settledAfterEach(List.of(event, event))))
                    .isEqualTo(event + event);
            assertThat(String.join("", Merged.whole("data: x\n\n", event, "data: y\n\n")))
                    .isEqualTo("data: x\n\n" + event + "data: y\n\n");
        });
    }
}
