package io.penstock.router.metrics;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests, by where they went and how they ended. The series of each combination of names are looked up once
 * and kept, so that a request costs one map lookup. A combination beyond {@link #MAX_COMBINATIONS} is counted under the
 * label {@code other}.
 *
 * <p>Threading: counter.
 */
final class ExchangeMetrics {

    /** How many combinations of route, pool, model, engine, status and failure are told apart. */
    static final int MAX_COMBINATIONS = 10_000;

    /** The label of an engine or a failure that there is not. */
    static final String NONE = "none";

    private final RouteMetrics routes;
    private final Gauge inFlight;
    private final Counter requests;
    private final ConcurrentMap<Names, Series> combinations = new ConcurrentHashMap<>();

    ExchangeMetrics(CollectorRegistry registry) {
        routes = new RouteMetrics(registry);
        inFlight = Gauge.build(MetricNames.REQUESTS_IN_FLIGHT, "Requests that have not ended yet.")
                .register(registry);
        requests = Counter.build(
                        MetricNames.REQUESTS,
                        "Finished requests. failure is none for a complete answer; engine is none if none was asked.")
                .labelNames("route", "pool", "model", "engine", "status", "failure")
                .withoutExemplars()
                .register(registry);
    }

    /** Shows the counters of complete answers under these names from now on, with zeros. */
    void expect(RouteLabels labels, Endpoint engine) {
        var unused = add(new Names(labels, engine, 200, null));
    }

    /** A request head arrived. */
    void began() {
        inFlight.inc();
    }

    /** A request ended. */
    void ended(ExchangeSummary summary) {
        var names = new Names(summary.labels(), summary.endpoint(), summary.status(), summary.failure());
        Series known = combinations.get(names);
        Series series = known != null ? known : add(names);
        series.requests.inc();
        series.route.count(summary);
        if (summary.failure() == FailureKind.CLIENT_GONE) {
            series.route.aborts().inc();
        }
        // last, so that whoever sees a request in flight no more sees it counted
        inFlight.dec();
    }

    private Series add(Names names) {
        boolean full = combinations.size() >= MAX_COMBINATIONS;
        return combinations.computeIfAbsent(full ? Names.OTHER : names, this::series);
    }

    private Series series(Names names) {
        return new Series(requests.labels(names.values()), routes.series(names.labels()));
    }

    /** Requests that ended; either all of them, or those that went wrong and not by the client's fault. */
    long ended(boolean onlyFailures) {
        double sum = 0;
        for (Map.Entry<Names, Series> each : combinations.entrySet()) {
            if (!onlyFailures || each.getKey().isFailure()) {
                sum += each.getValue().requests().get();
            }
        }
        return (long) sum;
    }

    /** The router's own share of the time to the first byte. */
    BucketCounts added() {
        return routes.addedInAll();
    }

    /** Forgets the series of engines that are not among {@code engines}, which are named {@code host:port}. */
    void keepOnly(Set<String> engines) {
        combinations.keySet().removeIf(names -> {
            Endpoint endpoint = names.endpoint();
            boolean gone = endpoint != null && !engines.contains(endpoint.authority());
            if (gone) {
                requests.remove(names.values());
            }
            return gone;
        });
    }

    /** What one request is counted under. Threading: immutable. */
    private record Names(
            RouteLabels labels,
            @Nullable Endpoint endpoint,
            int status,
            @Nullable FailureKind failure) {

        static final Names OTHER =
                new Names(new RouteLabels(RouteMetrics.OTHER, RouteMetrics.OTHER, RouteMetrics.OTHER), null, 0, null);

        boolean isFailure() {
            return failure == null ? status >= 500 : failure.fault() != Fault.CLIENT;
        }

        String[] values() {
            return new String[] {
                labels.route(),
                labels.pool(),
                labels.model(),
                endpoint == null ? NONE : endpoint.authority(),
                status == 0 ? RouteMetrics.OTHER : Integer.toString(status),
                failure == null ? NONE : failure.label()
            };
        }
    }

    /** The children of one combination of names. Threading: counter. */
    private record Series(Counter.Child requests, RouteMetrics.Series route) {}
}
