package io.penstock.router.metrics;

import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.RouteLabels;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Times and bytes of requests by route, pool and model. A combination beyond {@link #MAX_COMBINATIONS} is counted under
 * the label {@code other}: the names are bounded already, and a defect in that must not fill the memory, of which one
 * combination takes some kilobytes.
 *
 * <p>Threading: counter.
 */
final class RouteMetrics {

    /** How many combinations of route, pool and model are told apart. */
    static final int MAX_COMBINATIONS = 1_000;

    /** The label of everything beyond the limit. */
    static final String OTHER = "other";

    private final Counter requestBytes;
    private final Counter responseBytes;
    private final Counter promptTokens;
    private final Counter aborts;
    private final Histogram duration;
    private final Histogram firstByte;
    private final Histogram added;
    private final Histogram connectionWait;
    private final ConcurrentMap<RouteLabels, Series> combinations = new ConcurrentHashMap<>();

    RouteMetrics(CollectorRegistry registry) {
        requestBytes = counter(MetricNames.REQUEST_BYTES, "Bytes of request bodies received from clients.", registry);
        responseBytes = counter(MetricNames.RESPONSE_BYTES, "Bytes of response bodies passed to clients.", registry);
        promptTokens = counter(
                MetricNames.PROMPT_TOKENS,
                "Tokens of prompts sent to engines, exact or estimated, of routes that count them.",
                registry);
        aborts = counter(
                MetricNames.CLIENT_ABORTS,
                "Clients that left before their answer was complete. Many at once: client time limits are shorter"
                        + " than the engines need.",
                registry);
        duration = histogram(
                MetricNames.REQUEST_DURATION,
                "From the request head to the end of the answer, waiting and streaming included.",
                Buckets.duration(),
                registry);
        firstByte = histogram(
                MetricNames.FIRST_BYTE,
                "From the request's last byte to the answer's first body byte: mostly the engine's queue and prefill.",
                Buckets.firstByte(),
                registry);
        added = histogram(
                MetricNames.ADDED,
                "The router's own share of the time to the first byte, without waiting for connections and engines."
                        + " If this grows, the router is short of CPU.",
                Buckets.added(),
                registry);
        connectionWait = histogram(
                MetricNames.CONNECTION_WAIT,
                "How long a request waited for a connection to an engine, over all its attempts; near 0 when a pooled"
                        + " connection was free.",
                Buckets.connect(),
                registry);
    }

    private static Counter counter(String name, String help, CollectorRegistry registry) {
        return Counter.build(name, help)
                .labelNames("route", "pool", "model")
                .withoutExemplars()
                .register(registry);
    }

    private static Histogram histogram(String name, String help, double[] buckets, CollectorRegistry registry) {
        return Histogram.build(name, help)
                .labelNames("route", "pool", "model")
                .buckets(buckets)
                .withoutExemplars()
                .register(registry);
    }

    /** The series of one route, pool and model. */
    Series series(RouteLabels labels) {
        Series known = combinations.get(labels);
        if (known != null) {
            return known;
        }
        boolean full = combinations.size() >= MAX_COMBINATIONS;
        RouteLabels counted = full ? new RouteLabels(OTHER, OTHER, OTHER) : labels;
        return combinations.computeIfAbsent(counted, this::newSeries);
    }

    /** The router's own share of the time to the first byte, over all series. */
    BucketCounts addedInAll() {
        return BucketCounts.sum(
                Buckets.added(),
                combinations.values().stream().map(Series::added).toList());
    }

    private Series newSeries(RouteLabels labels) {
        String[] names = {labels.route(), labels.pool(), labels.model()};
        return new Series(
                requestBytes.labels(names),
                responseBytes.labels(names),
                promptTokens.labels(names),
                aborts.labels(names),
                new LateHistogram(duration, names),
                new LateHistogram(firstByte, names),
                new LateHistogram(added, names),
                new LateHistogram(connectionWait, names));
    }

    /** The children of one route, pool and model. Threading: counter. */
    record Series(
            Counter.Child requestBytes,
            Counter.Child responseBytes,
            Counter.Child promptTokens,
            Counter.Child aborts,
            LateHistogram duration,
            LateHistogram firstByte,
            LateHistogram added,
            LateHistogram connectionWait) {

        void count(ExchangeSummary summary) {
            requestBytes.inc((double) summary.requestBytes());
            responseBytes.inc((double) summary.responseBytes());
            promptTokens.inc((double) Math.max(0, summary.learned().promptTokens()));
            ExchangeSummary.Timing timing = summary.timing();
            duration.observe(timing.total());
            if (timing.firstByte() >= 0) {
                firstByte.observe(timing.firstByte());
            }
            if (timing.added() >= 0) {
                added.observe(timing.added());
            }
            if (summary.attempts() > 0) {
                connectionWait.observe(timing.connect());
            }
        }
    }
}
