package io.penstock.router;

import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.Observers;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.access.LiveAccess;
import io.penstock.router.accesslog.AccessLog;
import io.penstock.router.admin.AdminPages;
import io.penstock.router.admin.AdminServer;
import io.penstock.router.config.ConfigHash;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.discovery.Discovery;
import io.penstock.router.discovery.EngineSources;
import io.penstock.router.files.Lookout;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.metrics.AccessCollector;
import io.penstock.router.metrics.AccessLogCollector;
import io.penstock.router.metrics.BufferedBodiesCollector;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.DiscoveryCollector;
import io.penstock.router.metrics.LoopDelayCanary;
import io.penstock.router.metrics.ReloadMetrics;
import io.penstock.router.metrics.RouterMetrics;
import io.penstock.router.metrics.SpansCollector;
import io.penstock.router.metrics.TlsCollector;
import io.penstock.router.policy.Policies;
import io.penstock.router.prompt.LiveTokenizers;
import io.penstock.router.reload.ConfigWatch;
import io.penstock.router.route.FleetRouter;
import io.penstock.router.route.RouterMeans;
import io.penstock.router.tls.LiveTls;
import io.penstock.router.tracing.Tracing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running router: the place where all its parts are made and put together. Several may live in one process.
 * Threading: life-cycle methods are called by one thread that is no event loop.
 */
public final class Router implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Router.class);

    private final Lookout files = new Lookout("penstock-files");
    private final EventLoops loops;
    private final ScanThreads scans;
    private final SharedParts shared;
    private final LiveAccess access;
    private final LiveTokenizers tokenizers;
    private final EngineKeys engineKeys;
    private final HandoverMeans handovers;
    private final Fleet fleet;
    private final Discovery discovery;
    private final ProxyServer server;
    private final LoopDelayCanary canary;
    private final AdminServer admin;
    private final Farewell farewell = new Farewell();
    private final RouterMetrics metrics;
    private final ReloadMetrics reloads;
    private final FleetRouter router;
    private final AccessLog accessLog;
    private final LiveTls tls;
    private final Tracing tracing;
    private volatile RouterConfig config;
    private volatile @Nullable ConfigWatch watch;
    private volatile boolean draining;
    private boolean closed;

    private Router(RouterConfig config, Build build, LiveTls tls, OutputStream accessLines) throws IOException {
        this.tls = tls;
        this.config = config;
        Ticker ticker = Ticker.system();
        shared = new SharedParts(config.sharedLimits(), ticker);
        access = shared.access(config, ticker);
        engineKeys = new EngineKeys(access);
        tokenizers = OffLoopWork.tokenizers(config, ticker, access);
        loops = new EventLoops("penstock", CoreOptions.loops(config.server()));
        scans = new ScanThreads(Math.max(1, loops.size() / 2));
        ControlPlane control = ControlPlane.start(ticker);
        String zone = OwnZone.of(config.server());
        fleet = new Fleet(config, policy -> Policies.of(policy, ticker, zone), control);
        metrics = new RouterMetrics(fleet, build, loops.transport());
        canary = new LoopDelayCanary(loops.group(), ticker, metrics.registry());
        handovers = HandoverMeans.of(metrics.handovers(), ticker);
        router = new FleetRouter(
                config,
                fleet,
                new RouterMeans(scans, metrics.waits(), access::controlTake, tokenizers::controlTake, handovers));
        fleet.follow(engineKeys::controlFollow);
        var found = new Discovery.Means(fleet, control, this::controlShowSeries);
        discovery = new Discovery(found, new EngineSources(files, loops, control, trust -> tls.learn(Set.of(trust))));
        metrics.registry().register(new DiscoveryCollector(discovery::views));
        metrics.registry().register(new TlsCollector(tls));
        metrics.registry().register(new AccessCollector(access.counts()));
        OffLoopWork.show(metrics.registry(), scans, access, tokenizers, router::scansWithoutRoom);
        reloads = new ReloadMetrics(metrics.registry(), ConfigHash.of(config), InstantSource.system());
        DoubleSupplier chance = () -> ThreadLocalRandom.current().nextDouble();
        accessLog = new AccessLog(config.server().accessLog(), accessLines, InstantSource.system(), chance);
        metrics.registry().register(new AccessLogCollector(accessLog::dropped));
        controlShowSeries();
        tracing = Tracing.of(config.tracing(), build.version());
        metrics.registry().register(new SpansCollector(tracing.counts()));
        var observers = tracing.beside(new Observers(metrics, accessLog));
        server = new ProxyServer(CoreOptions.of(config, tls), loops, router, observers);
        metrics.registry().register(new BufferedBodiesCollector(server::bufferedBytes));
        var life = AdminPages.Life.from(build, ticker, () -> draining);
        admin = new AdminServer(AdminPages.of(fleet, discovery::views, metrics, life));
    }

    /**
     * Starts a router whose access log, if it has one, goes to the standard output.
     *
     * @throws IOException if a port cannot be had, or a file of a certificate or a secret cannot be used; nothing is left open then
     */
    public static Router start(RouterConfig config) throws IOException {
        return start(config, System.out);
    }

    /** As {@link #start(RouterConfig)}, with an access log that goes there, on a thread that may be blocked by it. */
    public static Router start(RouterConfig config, OutputStream accessLines) throws IOException {
        return start(config, accessLines, () -> {});
    }

    /**
     * Starts a router; when this returns, both ports are open.
     *
     * @param accessLines where the lines of the access log go, on a thread that may be blocked by it
     * @param opened run when both ports are open, before the log says so
     * @throws IOException if a port cannot be had; nothing is left open then
     */
    static Router start(RouterConfig config, OutputStream accessLines, Runnable opened) throws IOException {
        Build build = Build.read();
        Router router = new Router(config, build, TlsParts.live(config), accessLines);
        try {
            router.open();
        } catch (IOException | RuntimeException e) {
            router.close();
            throw e;
        }
        opened.run();
        Announcement.started(config, build, router.loops, router.dataPort(), router.adminPort());
        return router;
    }

    private void open() throws IOException {
        shared.start(metrics.registry());
        canary.start();
        accessLog.start();
        tracing.start();
        server.bind(config.server().host(), config.server().port());
        files.watch(tls::look);
        access.start(files);
        handovers.ids().askWith(server.engineClient(endpoint -> HeaderEdits.NONE));
        EngineClient client = server.engineClient(engineKeys);
        tokenizers.asks(client);
        fleet.start(client);
        discovery.start(config);
        admin.bind(config.server().adminHost(), config.server().adminPort());
    }

    /**
     * Takes every new content of a file from now on, as {@link #apply} does.
     *
     * @param file the file
     * @param content what it held when this router was started with it
     */
    public void follow(Path file, FileContent content) {
        var followed = new ConfigWatch.Followed(file, content, config);
        watch = ConfigWatch.start(followed, files, this::take, reloads);
    }

    /** Loads the file that is followed at once, whether it has changed or not; not while the router ends. */
    public void reload() {
        ConfigWatch follows = watch;
        if (follows == null || draining) {
            log.warn("not reloaded: {}", draining ? "the router is shutting down" : "no file is followed");
        } else {
            follows.load();
        }
    }

    /**
     * Routes by another configuration soon. No stream is cut and no request fails for it: what was routed stays where it is.
     * Files that it names and the one before did not are read first, which may take a while. Ports, loops and limits of connections stay as they were at the start.
     *
     * @param next the configuration, with everything checked
     */
    public void apply(RouterConfig next) {
        try {
            take(next);
        } catch (IOException e) {
            log.error("not reloaded, the router goes on as before: {}", e.getMessage());
            reloads.refused();
        }
    }

    private void take(RouterConfig next) throws IOException {
        TlsParts.learn(tls, next);
        access.prepare(next);
        // last, as what it loads would take memory even if the configuration did not come into force
        tokenizers.prepare(next);
        fleet.apply(next, () -> controlApplied(next));
    }

    private void controlApplied(RouterConfig next) {
        config = next;
        accessLog.configure(next.server().accessLog());
        tracing.configure(next.tracing());
        metrics.expectPools();
        controlShowSeries();
        discovery.controlApply(next);
        String hash = ConfigHash.of(next);
        log.info("the configuration with hash {} is in force", hash);
        Announcement.pools(next);
        reloads.taken(hash);
    }

    private void controlShowSeries() {
        new StartingSeries(config, fleet.snapshot(), metrics).show(router.routes());
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
     * Ends the router without cutting streams: it is not ready any more, goes on as before for the settle time of the
     * configuration, takes no more requests then, and closes when the running ones are complete or the drain timeout is over.
     * {@link #close} on another thread cuts this short.
     */
    public void drainAndClose() {
        draining = true;
        stopFollowing();
        farewell.take(server, config.server().settleTime(), config.server().drainTimeout());
        close();
    }

    private void stopFollowing() {
        ConfigWatch follows = watch;
        if (follows != null) {
            follows.close();
        }
    }

    /** Ends the router now; running requests are told, and cut within a second. Further calls wait for the first. */
    @Override
    public void close() {
        farewell.cutShort();
        closeOnce();
    }

    private synchronized void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        server.close();
        files.close();
        discovery.close();
        canary.close();
        admin.close();
        fleet.close();
        shared.close();
        access.close();
        tokenizers.close();
        scans.close();
        loops.close();
        accessLog.close();
        tracing.close();
    }
}
