package io.penstock.router.metrics;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EventTimes;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.TokenUsage;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What streams and answers tell of their tokens, by route, pool, model and engine; told once for each, at its end. A combination
 * beyond {@link #MAX_COMBINATIONS} is counted under the label {@code other}. Threading: counter.
 */
final class TokenMetrics {

    /** How many combinations are told apart. */
    static final int MAX_COMBINATIONS = 2_000;

    private static final String[] LABELS = {"route", "pool", "model", "engine"};
    private static final double NANOS_PER_SECOND = 1e9;

    private final Histogram firstToken;
    private final Histogram rate;
    private final Counter tokens;
    private final Counter cutEvents;
    private final GapHistogram betweenTokens;
    private final ConcurrentMap<Names, Series> combinations = new ConcurrentHashMap<>();

    TokenMetrics(CollectorRegistry registry) {
        firstToken = histogram(
                MetricNames.FIRST_TOKEN,
                "From the request's last byte to the first bytes of an event stream: the engine's queue and prefill. Growing:"
                        + " the engines are short of room, or prompts have grown.",
                Buckets.firstByte(),
                registry);
        betweenTokens = new GapHistogram(
                        MetricNames.BETWEEN_TOKENS,
                        "From one event of a stream to the next as they come from the engine, comments left out; counted when the"
                                + " stream ends. Growing: batches are large, or prefills hold decodes up.",
                        List.of(LABELS))
                .register(registry);
        rate = histogram(
                MetricNames.OUTPUT_RATE,
                "Tokens of a stream within a second, after its first event; streams that told their usage.",
                Buckets.outputRate(),
                registry);
        tokens = Counter.build(
                        MetricNames.TOKENS,
                        "Tokens as answers told in their usage; cached ones are among those of the prompt. Streams tell if their"
                                + " clients ask, or the route asks for all.")
                .labelNames("route", "pool", "model", "engine", "kind")
                .withoutExemplars()
                .register(registry);
        cutEvents = Counter.build(
                        MetricNames.CUT_EVENTS,
                        "Events delivered, about a token each, of streams that ended early and told no usage.")
                .labelNames(LABELS)
                .withoutExemplars()
                .register(registry);
    }

    private static Histogram histogram(String name, String help, double[] buckets, CollectorRegistry registry) {
        return Histogram.build(name, help)
                .labelNames(LABELS)
                .buckets(buckets)
                .withoutExemplars()
                .register(registry);
    }

    /** A request ended. */
    void ended(ExchangeSummary summary) {
        TokenUsage usage = summary.learned().usage();
        EventTimes events = summary.learned().events();
        Endpoint engine = summary.endpoint();
        if (engine == null || (usage == null && events == null)) {
            return;
        }
        Series series = series(new Names(summary.labels(), engine.authority()));
        series.made.add(made(usage, events));
        if (usage != null) {
            series.used(usage);
        }
        if (events != null && events.events() > 0) {
            series.streamed(summary, events);
        }
    }

    private static long made(@Nullable TokenUsage usage, @Nullable EventTimes events) {
        if (usage != null && usage.completion() >= 0) {
            return usage.completion();
        }
        return events == null ? 0 : events.events();
    }

    /** From the request's last byte to the first event, over all streams. */
    BucketCounts firstTokens() {
        return BucketCounts.sum(
                Buckets.firstByte(),
                combinations.values().stream().map(each -> each.firstTokens).toList());
    }

    /** Tokens of answers that ended, or events where no usage was told, by engine. */
    Map<Traffic.Place, Long> made() {
        Map<Traffic.Place, Long> sums = new HashMap<>();
        combinations.forEach((names, series) ->
                sums.merge(new Traffic.Place(names.labels().pool(), names.engine()), series.made.sum(), Long::sum));
        return sums;
    }

    private Series series(Names names) {
        Series known = combinations.get(names);
        if (known != null) {
            return known;
        }
        boolean full = combinations.size() >= MAX_COMBINATIONS;
        return combinations.computeIfAbsent(full ? Names.OTHER : names, Series::new);
    }

    /** Forgets the series of engines that are not among {@code engines}, which are named {@code host:port}. */
    void keepOnly(Set<String> engines) {
        combinations.keySet().removeIf(names -> {
            boolean gone = !names.equals(Names.OTHER) && !engines.contains(names.engine());
            if (gone) {
                forget(names.values());
            }
            return gone;
        });
    }

    private void forget(String[] names) {
        firstToken.remove(names);
        rate.remove(names);
        cutEvents.remove(names);
        betweenTokens.remove(List.of(names));
        for (String kind : Series.KINDS) {
            tokens.remove(names[0], names[1], names[2], names[3], kind);
        }
    }

    /** What one answer is counted under. Threading: immutable. */
    private record Names(RouteLabels labels, String engine) {

        static final Names OTHER = new Names(
                new RouteLabels(RouteMetrics.OTHER, RouteMetrics.OTHER, RouteMetrics.OTHER), RouteMetrics.OTHER);

        String[] values() {
            return new String[] {labels.route(), labels.pool(), labels.model(), engine};
        }
    }

    /** The series of one combination of names. Threading: counter. */
    private final class Series {

        static final List<String> KINDS = List.of("prompt", "cached", "completion");

        private final List<String> names;
        private final LongAdder made = new LongAdder();
        private final LateHistogram firstTokens;
        private final LateHistogram rates;

        Series(Names of) {
            names = List.of(of.values());
            firstTokens = new LateHistogram(firstToken, of.values());
            rates = new LateHistogram(rate, of.values());
        }

        void used(TokenUsage usage) {
            count("prompt", usage.prompt());
            count("cached", usage.cached());
            count("completion", usage.completion());
        }

        private void count(String kind, long amount) {
            if (amount > 0) {
                tokens.labels(names.get(0), names.get(1), names.get(2), names.get(3), kind)
                        .inc((double) amount);
            }
        }

        void streamed(ExchangeSummary summary, EventTimes events) {
            if (summary.timing().firstByte() >= 0) {
                firstTokens.observe(summary.timing().firstByte());
            }
            betweenTokens.add(names, events);
            TokenUsage usage = summary.learned().usage();
            if (usage != null && usage.completion() > 1 && events.spanNanos() > 0) {
                rates.observe((usage.completion() - 1) * NANOS_PER_SECOND / events.spanNanos());
            }
            if (usage == null && summary.failure() != null) {
                cutEvents.labels(names.toArray(new String[0])).inc((double) events.events());
            }
        }
    }
}
