package io.penstock.router;

import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.admin.AdminPages;
import io.penstock.router.admin.AdminServer;
import io.penstock.router.config.ConnectionsConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.ServerConfig;
import io.penstock.router.config.Units;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.metrics.BufferedBodiesCollector;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.LoopDelayCanary;
import io.penstock.router.metrics.OffloadCollector;
import io.penstock.router.metrics.RouterMetrics;
import io.penstock.router.metrics.TlsCollector;
import io.penstock.router.policy.Policies;
import io.penstock.router.route.FleetRouter;
import io.penstock.router.tls.LiveTls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running router: the place where all its parts are made and put together. Several may live in one process.
 * Threading: life-cycle methods are called by one thread that is no event loop.
 */
public final class Router implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Router.class);

    private final RouterConfig config;
    private final EventLoops loops;
    private final ScanThreads scans;
    private final Fleet fleet;
    private final ProxyServer server;
    private final LoopDelayCanary canary;
    private final AdminServer admin;
    private volatile boolean draining;

    private Router(RouterConfig config, Build build, LiveTls tls) {
        this.config = config;
        Ticker ticker = Ticker.system();
        loops = new EventLoops("penstock", loopCount(config.server()));
        scans = new ScanThreads(Math.max(1, loops.size() / 2));
        ControlPlane control = ControlPlane.start(ticker);
        TlsParts.watch(tls, control);
        fleet = new Fleet(config, policy -> Policies.of(policy, ticker), control);
        RouterMetrics metrics = new RouterMetrics(fleet, build, loops.transport());
        canary = new LoopDelayCanary(loops.group(), ticker, metrics.registry());
        FleetRouter router = new FleetRouter(config, fleet, scans, metrics.waits());
        metrics.registry().register(new TlsCollector(tls));
        metrics.registry().register(new OffloadCollector(Map.of("scan", scans.executor()), router::scansWithoutRoom));
        new StartingSeries(config, fleet.snapshot(), metrics).show(router.routes());
        server = new ProxyServer(options(config, tls), loops, router, metrics);
        metrics.registry().register(new BufferedBodiesCollector(server::bufferedBytes));
        long startNanos = ticker.nanos();
        var life = new AdminPages.Life(
                build, () -> TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - startNanos), () -> draining);
        admin = new AdminServer(AdminPages.of(fleet, metrics.exposition(), life));
    }

    /**
     * Starts a router; when this returns, both ports are open.
     *
     * @throws IOException if a port cannot be had, or a file of a certificate cannot be used; nothing is left open then
     */
    public static Router start(RouterConfig config) throws IOException {
        Build build = Build.read();
        Router router = new Router(config, build, TlsParts.live(config));
        try {
            router.open();
        } catch (IOException | RuntimeException e) {
            router.close();
            throw e;
        }
        router.announce(build);
        return router;
    }

    private static int loopCount(ServerConfig server) {
        return server.loops() == 0 ? Runtime.getRuntime().availableProcessors() : server.loops();
    }

    private static ProxyOptions options(RouterConfig config, LiveTls tls) {
        ServerConfig server = config.server();
        var front = new ProxyOptions.Front(
                Math.toIntExact(server.maxBody().bytes()),
                maxBufferedBytes(server),
                Math.toIntExact(server.maxHeaders().bytes()),
                Math.toIntExact(server.maxRequestLine().bytes()),
                server.idleTimeout(),
                server.maxStreams(),
                server.debugHeaders(),
                limits(server));
        ConnectionsConfig connections = config.connections();
        var upstream = new ProxyOptions.Upstream(connections.idleTimeout(), connections.maxStreams());
        return new ProxyOptions(front, upstream, TlsParts.arrival(server), tls);
    }

    private static ClientLimits limits(ServerConfig server) {
        return new ClientLimits(
                server.maxConnections(),
                server.maxConnectionsPerAddress(),
                server.maxRequestsPerConnection(),
                server.maxConnectionAge(),
                server.maxHeaderFields(),
                server.headerTimeout(),
                server.bodyTimeout(),
                server.writeTimeout());
    }

    private static long maxBufferedBytes(ServerConfig server) {
        long bytes = server.maxBufferedBodies().bytes();
        return bytes == 0 ? ProxyOptions.Front.quarterOfBufferMemory() : bytes;
    }

    private void open() throws IOException {
        canary.start();
        server.bind(config.server().host(), config.server().port());
        fleet.start(server.engineClient());
        admin.bind(config.server().adminHost(), config.server().adminPort());
    }

    private void announce(Build build) {
        config.pools().forEach(Router::announce);
        ServerConfig at = config.server();
        String spoken = at.tls() == null ? "" : " over TLS";
        log.info("clients on {}:{}{}, admin on {}:{}", at.host(), dataPort(), spoken, at.adminHost(), adminPort());
        log.info(
                "penstock {} is ready {} ms after its start: {} event loops on {}, Java {}",
                build.version(),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                loops.size(),
                loops.transport(),
                build.java());
    }

    private static void announce(PoolConfig pool) {
        log.info(
                "pool {}: policy {}, models {}, engines {}",
                pool.name(),
                pool.policy().type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                pool.models().isEmpty() ? "as the engines list them" : String.join(", ", pool.models()),
                pool.engines().stream().map(Router::shown).collect(Collectors.joining(", ")));
    }

    private static String shown(PoolConfig.EngineConfig engine) {
        return engine.drain() ? engine.url() + " (draining)" : engine.url();
    }

    /** The port clients connect to. */
    public int dataPort() {
        return server.port();
    }

    /** The port of the probes, the metrics and the fleet. */
    public int adminPort() {
        return admin.port();
    }

    /**
     * Ends the router without cutting streams: it is not ready any more, takes no more requests, and closes when the
     * running ones are complete or the drain timeout of the configuration is over.
     */
    public void drainAndClose() {
        draining = true;
        Duration timeout = config.server().drainTimeout();
        log.info("draining: running requests have {} to finish", Units.text(timeout));
        if (server.drain(timeout)) {
            log.info("drained");
        } else {
            log.warn("not drained within {}: the requests that still run are ended", Units.text(timeout));
        }
        close();
    }

    /** Ends the router now; running requests are cut. */
    @Override
    public void close() {
        canary.close();
        admin.close();
        fleet.close();
        server.close();
        scans.close();
        loops.close();
    }
}
