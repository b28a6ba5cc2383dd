package io.penstock.router.metrics;

import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.api.ConnectionRefusal;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.StreamFlushes;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.disaggregate.HandoverObserver;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.route.WaitObserver;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.ClassLoadingExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The router's metrics: told by the data plane what happens, and showing the fleet and the process at each scrape. Each
 * router has its own registry, so that several can live in one process.
 *
 * <p>Threading: counter; scrapes come from any thread but a data plane's event loop.
 */
public final class RouterMetrics implements ProxyObserver {

    private final CollectorRegistry registry = new CollectorRegistry();
    private final ExchangeMetrics exchanges = new ExchangeMetrics(registry);
    private final EngineMetrics engines = new EngineMetrics(registry);
    private final StreamMetrics streams = new StreamMetrics(registry);
    private final TokenMetrics tokens = new TokenMetrics(registry);
    private final WaitMetrics waits;
    private final HandoverMetrics handovers;
    private final Gauge clientConnections = Gauge.build(
                    MetricNames.CLIENT_CONNECTIONS, "Open client connections by protocol, idle ones included.")
            .labelNames("protocol")
            .register(registry);
    private final Counter clientProtocolErrors = Counter.build(
                    MetricNames.CLIENT_PROTOCOL_ERRORS,
                    "What clients did against HTTP/2 or the bounds on its frames. A kind that ends in _flood ended the"
                            + " connection.")
            .labelNames("kind")
            .withoutExemplars()
            .register(registry);
    private final Counter clientsRefused = Counter.build(
                    MetricNames.CLIENTS_REFUSED,
                    "Client connections closed before their first request: what came is no TLS or no PROXY protocol"
                            + " header, the handshake failed, or either took too long.")
            .labelNames("reason")
            .withoutExemplars()
            .register(registry);
    private final Counter clientLimits = Counter.build(
                    MetricNames.CLIENT_LIMITS,
                    "Clients that reached a limit: connections refused, requests that were too slow, clients that did not read,"
                            + " and connections closed for their age or their number of requests.")
            .labelNames("limit")
            .withoutExemplars()
            .register(registry);
    private final FleetView fleet;

    /**
     * Makes the metrics of one router.
     *
     * @param fleet the engines to show
     * @param build what is running
     * @param transport the name of the network transport in use
     */
    public RouterMetrics(FleetView fleet, Build build, String transport) {
        this.fleet = fleet;
        this.waits = new WaitMetrics(registry, fleet.pools());
        this.handovers = new HandoverMetrics(registry, fleet.pools());
        registry.register(new FleetCollector(fleet));
        registry.register(new PoolCollector(fleet));
        registry.register(new ProcessCollector(build, transport));
        showFromTheStart();
        registerJvm();
    }

    private void showFromTheStart() {
        for (ClientProtocol protocol : ClientProtocol.values()) {
            clientConnections.labels(protocol.label());
        }
        for (ClientProtocolError kind : ClientProtocolError.values()) {
            clientProtocolErrors.labels(kind.label());
        }
        for (ClientLimit limit : ClientLimit.values()) {
            clientLimits.labels(limit.label());
        }
    }

    /** All of simpleclient's JVM collectors but the one of allocations, whose listeners outlive the registry. */
    private void registerJvm() {
        new StandardExports().register(registry);
        new MemoryPoolsExports().register(registry);
        new BufferPoolsExports().register(registry);
        new GarbageCollectorExports().register(registry);
        new ThreadExports().register(registry);
        new ClassLoadingExports().register(registry);
        new VersionInfoExports().register(registry);
    }

    /** Who is told of requests that wait. */
    public WaitObserver waits() {
        return waits;
    }

    /** Who is told of requests that are prefilled elsewhere. */
    public HandoverObserver handovers() {
        return handovers;
    }

    /** Shows the counters of the pools there are now with zeros. */
    public void expectPools() {
        waits.expect(fleet.pools());
        handovers.expect(fleet.pools());
    }

    /** Shows an engine's counters with zeros, so that a rule on one of them holds from the first scrape on. */
    public void expectEngine(Endpoint engine) {
        engines.expect(engine);
    }

    /**
     * Shows the counters of a route to one engine with zeros.
     *
     * @param models the names its requests may be counted under, as far as they are known
     */
    public void expectRoute(String route, String pool, Collection<String> models, Endpoint engine) {
        engines.expectRetries(route, engine);
        streams.expect(route);
        models.forEach(model -> exchanges.expect(new RouteLabels(route, pool, model), engine));
    }

    /** Where other parts of the router register metrics of their own. */
    public CollectorRegistry registry() {
        return registry;
    }

    /** Writes all metrics as text; see {@link Exposition}. */
    public Exposition exposition() {
        return new Exposition(registry, this::forgetDeparted);
    }

    /** What the router has done since its start; never on an event loop, as many series are summed. */
    public Traffic traffic() {
        return new Traffic(
                exchanges.ended(false), exchanges.ended(true), tokens.made(), tokens.firstTokens(), exchanges.added());
    }

    private void forgetDeparted() {
        var names = fleet.engines().stream().map(EngineView::engine).collect(Collectors.toSet());
        exchanges.keepOnly(names);
        engines.keepOnly(names);
        tokens.keepOnly(names);
        var pools = fleet.pools().stream().map(PoolView::pool).collect(Collectors.toSet());
        waits.keepOnly(pools);
        handovers.keepOnly(pools);
    }

    @Override
    public void clientConnected(ClientProtocol protocol) {
        clientConnections.labels(protocol.label()).inc();
    }

    @Override
    public void clientDisconnected(ClientProtocol protocol) {
        clientConnections.labels(protocol.label()).dec();
    }

    @Override
    public void clientProtocolError(ClientProtocolError kind) {
        clientProtocolErrors.labels(kind.label()).inc();
    }

    @Override
    public void clientRefused(ConnectionRefusal why) {
        clientsRefused.labels(why.label()).inc();
    }

    @Override
    public void clientLimited(ClientLimit limit) {
        clientLimits.labels(limit.label()).inc();
    }

    @Override
    public void exchangeBegan(RequestHead head) {
        exchanges.began();
    }

    @Override
    public void exchangeEnded(ExchangeSummary summary) {
        tokens.ended(summary);
        exchanges.ended(summary);
    }

    @Override
    public void streamFlushed(RouteLabels labels, StreamFlushes flushes) {
        streams.flushed(labels, flushes);
    }

    @Override
    public void retried(RouteLabels labels, Endpoint failed, FailureKind why) {
        engines.retried(labels, failed, why);
    }

    @Override
    public void upstreamConnected(Endpoint endpoint, Endpoint.Protocol protocol, long connectNanos) {
        engines.connected(endpoint, protocol, connectNanos);
    }

    @Override
    public void upstreamConnectFailed(Endpoint endpoint, FailureKind why) {
        engines.connectFailed(endpoint, why);
    }

    @Override
    public void upstreamDisconnected(Endpoint endpoint) {
        engines.disconnected(endpoint);
    }

    @Override
    public void upstreamIdle(Endpoint endpoint) {
        engines.idle(endpoint);
    }

    @Override
    public void upstreamIdleEnded(Endpoint endpoint) {
        engines.idleEnded(endpoint);
    }
}
