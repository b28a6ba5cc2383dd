package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.prompt.LiveTokenizers;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenizerCollectorTest {

    private static final String POOLS = "pools: [{name: a, engines: [http://h:1]}]\n";

    /** Its families and no series. */
    static TokenizerCollector withoutTokenizers() {
        try {
            return new TokenizerCollector(new LiveTokenizers(ConfigLoader.parse(POOLS), () -> 0));
        } catch (ConfigException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<MetricFamilySamples> collected(String more) throws ConfigException, IOException {
        try (LiveTokenizers tokenizers = new LiveTokenizers(ConfigLoader.parse(POOLS + more), () -> 0)) {
            assertThat(tokenizers.threads() == null).isEqualTo(more.isEmpty());
            return new TokenizerCollector(tokenizers).collect();
        }
    }

    @Test
    void everyTokenizerHasAllItsSeriesFromTheStart() throws ConfigException, IOException {
        List<MetricFamilySamples> families =
                collected("tokenizers: [{name: t, type: tiktoken, encoding: r50k_base}, {name: e, type: engine}]\n");

        assertThat(families)
                .extracting(family -> family.name)
                .containsExactly(
                        "penstock_tokenizer_requests",
                        "penstock_tokenizer_tokens",
                        "penstock_tokenizer_pieces",
                        "penstock_tokenizer_memory_bytes",
                        "penstock_tokenized_on_loop");
        assertThat(families.get(0).samples).hasSize(16).allMatch(sample -> sample.value == 0);
        assertThat(families.get(2).samples).hasSize(2);
    }

    @Test
    void withoutTokenizersThereAreNoThreads() throws ConfigException, IOException {
        assertThat(collected("").get(0).samples).isEmpty();
    }
}
