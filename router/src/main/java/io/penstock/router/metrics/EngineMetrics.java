package io.penstock.router.metrics;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts connections to engines and attempts that failed. What happens with each request (a connection taken from the
 * pool or given back) touches one {@link LongAdder}; everything else is rare.
 *
 * <p>Threading: counter.
 */
final class EngineMetrics extends Collector {

    private static final List<String> ENGINE = List.of("engine");
    private static final List<FailureKind> CONNECT_FAILURES =
            List.of(FailureKind.CONNECT_FAILED, FailureKind.CONNECT_TIMEOUT);
    private static final List<FailureKind> RETRIED_FAILURES =
            List.of(FailureKind.CONNECT_FAILED, FailureKind.CONNECT_TIMEOUT, FailureKind.ENGINE_RESET);

    private final Counter retries;
    private final Counter created;
    private final Counter connectFailures;
    private final Histogram connect;
    private final ConcurrentMap<Endpoint, Connections> connections = new ConcurrentHashMap<>();

    EngineMetrics(CollectorRegistry registry) {
        retries = Counter.build(
                        MetricNames.RETRIES,
                        "Requests tried again on another engine; engine and failure tell what went wrong before.")
                .labelNames("route", "engine", "failure")
                .withoutExemplars()
                .register(registry);
        created = Counter.build(
                        MetricNames.CONNECTS,
                        "Connections established to an engine, those of health probes included. Growing as fast as the"
                                + " requests: the engine closes its connections, and pooling does nothing.")
                .labelNames("engine", "protocol")
                .withoutExemplars()
                .register(registry);
        connectFailures = Counter.build(
                        MetricNames.CONNECT_FAILURES,
                        "Connections that could not be established: the engine is down, unreachable or overrun.")
                .labelNames("engine", "failure")
                .withoutExemplars()
                .register(registry);
        connect = Histogram.build(MetricNames.CONNECT, "How long it took to establish a connection to an engine.")
                .labelNames("engine")
                .buckets(Buckets.connect())
                .withoutExemplars()
                .register(registry);
        register(registry);
    }

    /** Shows the counters of an engine's connections from now on, with zeros. */
    void expect(Endpoint engine) {
        var unused = connections(engine);
        CONNECT_FAILURES.forEach(failure -> connectFailures.labels(engine.authority(), failure.label()));
        for (Endpoint.Protocol protocol : Endpoint.Protocol.values()) {
            boolean mayBe = engine.protocol() == protocol || engine.protocol() == Endpoint.Protocol.AUTO;
            if (mayBe && protocol != Endpoint.Protocol.AUTO) {
                created.labels(engine.authority(), protocol.label());
            }
        }
    }

    /** Shows the counters of a route's retries from now on, with zeros. */
    void expectRetries(String route, Endpoint engine) {
        RETRIED_FAILURES.forEach(failure -> retries.labels(route, engine.authority(), failure.label()));
    }

    /** Another engine will be tried. */
    void retried(RouteLabels labels, Endpoint failed, FailureKind why) {
        retries.labels(labels.route(), failed.authority(), why.label()).inc();
    }

    /** A connection was established. */
    void connected(Endpoint endpoint, Endpoint.Protocol protocol, long nanos) {
        connections(endpoint).open.increment();
        created.labels(endpoint.authority(), protocol.label()).inc();
        connect.labels(endpoint.authority()).observe(nanos / NANOSECONDS_PER_SECOND);
    }

    /** No connection could be established. */
    void connectFailed(Endpoint endpoint, FailureKind why) {
        connectFailures.labels(endpoint.authority(), why.label()).inc();
    }

    /** A connection ended. */
    void disconnected(Endpoint endpoint) {
        connections(endpoint).open.decrement();
    }

    /** A connection became idle. */
    void idle(Endpoint endpoint) {
        connections(endpoint).idle.increment();
    }

    /** An idle connection was taken or ended. */
    void idleEnded(Endpoint endpoint) {
        connections(endpoint).idle.decrement();
    }

    private Connections connections(Endpoint endpoint) {
        Connections known = connections.get(endpoint);
        return known != null ? known : connections.computeIfAbsent(endpoint, e -> new Connections());
    }

    /**
     * Forgets the series of engines that are not among {@code engines}, which are named {@code host:port}. An engine
     * with open connections stays until they are closed, so that its gauges never count below zero.
     */
    void keepOnly(Set<String> engines) {
        connections
                .entrySet()
                .removeIf(e -> !engines.contains(e.getKey().authority())
                        && e.getValue().open.sum() <= 0);
        var kept = new TreeSet<>(engines);
        connections.keySet().forEach(endpoint -> kept.add(endpoint.authority()));
        removeOthers(retries, 1, kept);
        removeOthers(created, 0, kept);
        removeOthers(connectFailures, 0, kept);
        for (String engine : labelValues(connect, 0)) {
            if (!kept.contains(engine)) {
                connect.remove(engine);
            }
        }
    }

    private static void removeOthers(Counter counter, int engineLabel, Set<String> kept) {
        for (MetricFamilySamples family : counter.collect()) {
            for (MetricFamilySamples.Sample sample : family.samples) {
                if (!kept.contains(sample.labelValues.get(engineLabel))) {
                    counter.remove(sample.labelValues.toArray(new String[0]));
                }
            }
        }
    }

    private static Set<String> labelValues(Collector collector, int label) {
        var values = new TreeSet<String>();
        for (MetricFamilySamples family : collector.collect()) {
            for (MetricFamilySamples.Sample sample : family.samples) {
                values.add(sample.labelValues.get(label));
            }
        }
        return values;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var open = new GaugeMetricFamily(
                MetricNames.CONNECTIONS_OPEN, "Open connections to an engine, idle ones included.", ENGINE);
        var idle = new GaugeMetricFamily(
                MetricNames.CONNECTIONS_IDLE, "Connections to an engine that carry no request.", ENGINE);
        byEngine().forEach((engine, sums) -> {
            open.addMetric(List.of(engine), (double) sums.open.sum());
            idle.addMetric(List.of(engine), (double) sums.idle.sum());
        });
        return List.of(open, idle);
    }

    private Map<String, Connections> byEngine() {
        var sums = new TreeMap<String, Connections>();
        connections.forEach((endpoint, counted) -> {
            Connections sum = sums.computeIfAbsent(endpoint.authority(), engine -> new Connections());
            sum.open.add(counted.open.sum());
            sum.idle.add(counted.idle.sum());
        });
        return sums;
    }

    /** The connections to one endpoint. Threading: counter. */
    private static final class Connections {
        final LongAdder open = new LongAdder();
        final LongAdder idle = new LongAdder();
    }
}
