package io.penstock.router.simulate;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** The metrics of the engine under vLLM's names and labels. Threading: counters; rendered on the engine's loop. */
final class EngineMetrics {

    private static final String[] LABELS = {"model_name", "engine"};
    private static final double NANOS = 1e9;
    private static final double[] FIRST_TOKEN_SECONDS = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560
    };
    private static final double[] REQUEST_SECONDS = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
    };
    private static final double[] TOKENS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000
    };

    private final CollectorRegistry registry = new CollectorRegistry();
    private final EngineCounters counters = new EngineCounters();
    private final String[] labels;
    private final Gauge.Child running;
    private final Gauge.Child waiting;
    private final Gauge.Child cacheUsage;
    private final Counter.Child cacheQueries;
    private final Counter.Child cacheHits;
    private final Counter.Child promptTokens;
    private final Counter.Child cachedPromptTokens;
    private final Counter.Child generationTokens;
    private final Counter success;
    private final Counter kvTransfers;
    private final Histogram.Child firstToken;
    private final Histogram.Child queueTime;
    private final Histogram.Child requestTime;
    private final Histogram.Child requestPromptTokens;
    private final Histogram.Child requestGenerationTokens;

    EngineMetrics(String model, int cacheBlocks) {
        labels = new String[] {model, "0"};
        running = gauge("num_requests_running", "Number of requests in model execution batches.");
        waiting = gauge("num_requests_waiting", "Number of requests waiting to be processed.");
        cacheUsage = gauge("kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.");
        cacheQueries = counter("prefix_cache_queries", "Prefix cache queries, in queried tokens.");
        cacheHits = counter("prefix_cache_hits", "Prefix cache hits, in cached tokens.");
        promptTokens = counter("prompt_tokens", "Number of prefill tokens processed.");
        cachedPromptTokens = counter("prompt_tokens_cached", "Number of prompt tokens taken from the cache.");
        generationTokens = counter("generation_tokens", "Number of generation tokens processed.");
        success = Counter.build("vllm:request_success", "Count of successfully processed requests.")
                .labelNames(with("finished_reason"))
                .register(registry);
        kvTransfers = Counter.build("sim_kv_transfers", "KV caches handed over to or from other engines, and in vain.")
                .labelNames("result")
                .register(registry);
        firstToken = histogram("time_to_first_token_seconds", "Time to first token.", FIRST_TOKEN_SECONDS);
        queueTime = histogram("request_queue_time_seconds", "Time spent in WAITING phase.", REQUEST_SECONDS);
        requestTime = histogram("e2e_request_latency_seconds", "End to end request latency.", REQUEST_SECONDS);
        requestPromptTokens = histogram("request_prompt_tokens", "Prefill tokens of a request.", TOKENS);
        requestGenerationTokens = histogram("request_generation_tokens", "Generation tokens of a request.", TOKENS);
        Gauge.build("vllm:cache_config_info", "Information of the LLMEngine CacheConfig.")
                .labelNames("block_size", "num_gpu_blocks", "enable_prefix_caching", "engine")
                .register(registry)
                .labels(String.valueOf(PromptTokens.BLOCK), String.valueOf(cacheBlocks), "True", "0")
                .set(1);
    }

    EngineCounters counters() {
        return counters;
    }

    void started(int tokens, int cached, long queuedNanos) {
        cacheQueries.inc(tokens);
        cacheHits.inc(cached);
        promptTokens.inc(tokens);
        cachedPromptTokens.inc(cached);
        queueTime.observe(queuedNanos / NANOS);
        requestPromptTokens.observe(tokens);
    }

    void kv(KvEvent event) {
        counters.counter(event).increment();
        kvTransfers.labels(event.label()).inc();
    }

    void generated(int tokens) {
        generationTokens.inc(tokens);
    }

    void firstToken(long nanos) {
        firstToken.observe(nanos / NANOS);
    }

    void ended(GenerationRequest request, int tokens, Scheduler.End how, long nanos) {
        for (Choice choice : request.choices()) {
            String reason = switch (how) {
                case FINISHED -> choice.finishReason();
                case ABORTED -> "abort";
                case FAILED -> "error";
            };
            success.labels(labels[0], labels[1], reason).inc();
        }
        requestTime.observe(nanos / NANOS);
        requestGenerationTokens.observe(tokens);
    }

    /** Everything in the Prometheus text format 0.0.4. */
    String text(double cacheUsed) {
        running.set(counters.running());
        waiting.set(counters.waiting());
        cacheUsage.set(cacheUsed);
        StringWriter text = new StringWriter();
        try {
            TextFormat.write004(text, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private Gauge.Child gauge(String name, String help) {
        return Gauge.build("vllm:" + name, help)
                .labelNames(LABELS)
                .register(registry)
                .labels(labels);
    }

    private Counter.Child counter(String name, String help) {
        return Counter.build("vllm:" + name, help)
                .labelNames(LABELS)
                .register(registry)
                .labels(labels);
    }

    private Histogram.Child histogram(String name, String help, double[] buckets) {
        return Histogram.build("vllm:" + name, help)
                .buckets(buckets)
                .labelNames(LABELS)
                .register(registry)
                .labels(labels);
    }

    private static String[] with(String label) {
        return Stream.concat(Arrays.stream(LABELS), Stream.of(label)).toArray(String[]::new);
    }
}
