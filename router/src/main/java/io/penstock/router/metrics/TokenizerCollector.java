package io.penstock.router.metrics;

import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.router.prompt.LiveTokenizers;
import io.penstock.router.prompt.LoadedTokenizer;
import io.penstock.router.prompt.TokenizerCounts;
import io.penstock.router.tokenize.Tokenizer;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** Shows what the tokenizers did, by their configured names. Threading: any thread; reads only. */
public final class TokenizerCollector extends Collector {

    private static final List<String> TOKENIZER = List.of("tokenizer");

    private final LiveTokenizers tokenizers;

    /** Shows these. */
    public TokenizerCollector(LiveTokenizers tokenizers) {
        this.tokenizers = tokenizers;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var requests = new CounterMetricFamily(
                MetricNames.TOKENIZED,
                "Requests a tokenizer was asked about, and what became of them. skipped and rejected: its threads do not"
                        + " keep up. template_failed: the model's chat template does not fit its requests, see the log.",
                List.of("tokenizer", "outcome"));
        var tokens = new CounterMetricFamily(
                MetricNames.TOKENIZER_TOKENS, "Tokens of prompts, counted or estimated.", TOKENIZER);
        var pieces = new CounterMetricFamily(
                MetricNames.TOKENIZER_PIECES,
                "Pieces of long prompts by whether their ids were remembered (hit) or had to be found (miss).",
                List.of("tokenizer", "result"));
        var memory = new GaugeMetricFamily(
                MetricNames.TOKENIZER_MEMORY, "Memory that remembered ids take, more or less.", TOKENIZER);
        for (LoadedTokenizer each : tokenizers.inForce()) {
            List<String> name = List.of(each.name());
            for (TokenizerCounts.Outcome outcome : TokenizerCounts.Outcome.values()) {
                requests.addMetric(List.of(each.name(), outcome.label()), (double)
                        each.counts().of(outcome));
            }
            tokens.addMetric(name, (double) each.counts().tokens());
            Tokenizer tokenizer = each.tokenizer();
            if (tokenizer != null) {
                pieces.addMetric(List.of(each.name(), "hit"), (double) tokenizer.hits());
                pieces.addMetric(List.of(each.name(), "miss"), (double) tokenizer.misses());
                memory.addMetric(name, (double) tokenizer.memoryBytes());
            }
        }
        return List.of(requests, tokens, pieces, memory, onLoop());
    }

    private MetricFamilySamples onLoop() {
        OffloadLanes threads = tokenizers.threads();
        return new CounterMetricFamily(
                MetricNames.TOKENIZED_ON_LOOP,
                "Short prompts that were tokenized on their event loop, as a hop to a thread would cost more.",
                threads == null ? 0 : (double) threads.inline());
    }
}
