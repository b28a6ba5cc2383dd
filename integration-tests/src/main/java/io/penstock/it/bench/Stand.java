package io.penstock.it.bench;

import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that one scenario needs while it is measured: engines, peers, prepared requests. Threading: the main
 * thread. Closing it ends all processes.
 */
final class Stand implements AutoCloseable {

    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Scenario scenario;
    private final EventLoops loops;
    private final BenchmarkOptions options;
    private final Ticker ticker = Ticker.system();
    private final Engines engines;
    private final List<PreparedRequest> requests;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Map<String, Long> baseKib = new LinkedHashMap<>();

    private Stand(Scenario scenario, BenchmarkOptions options, EventLoops loops, Engines engines)
            throws InterruptedException {
        this.scenario = scenario;
        this.options = options;
        this.loops = loops;
        this.engines = engines;
        this.requests = new Recorder().prepare(engines.port(), scenario.shape());
    }

    /** Starts engines and peers. */
    static Stand open(Scenario scenario, BenchmarkOptions options, EventLoops loops, Proxies proxies)
            throws InterruptedException {
        Stand stand = new Stand(scenario, options, loops, Engines.start(proxies.home(), scenario));
        try {
            for (String name : options.peersOf(scenario)) {
                int connections = scenario.shape().connections();
                stand.peers.put(name, proxies.start(name, stand.engines, connections));
            }
        } catch (InterruptedException | RuntimeException e) {
            stand.close();
            throw e;
        }
        return stand;
    }

    /** Brings every peer to speed: with short requests, after which its memory is the base, then with the load. */
    void warmUp() throws InterruptedException {
        Scenario brief = scenario.warmUp();
        List<PreparedRequest> briefRequests = new Recorder().prepare(engines.port(), brief.shape());
        for (Peer peer : peers.values()) {
            LoadRun first = LoadRun.start(brief, briefRequests, loops, peer.addresses());
            first.hold(options.warmUp());
            first.finish(PATIENCE);
            baseKib.put(peer.name(), peer.residentKib());
            LoadRun second = LoadRun.start(scenario, requests, loops, peer.addresses());
            second.hold(scenario.ramp().plus(options.warmUp()));
            second.finish(PATIENCE);
        }
    }

    /** One measurement of each peer, one after the other. */
    Map<String, Measurement> round() throws InterruptedException {
        Map<String, Measurement> measured = new LinkedHashMap<>();
        for (Peer peer : peers.values()) {
            measured.put(peer.name(), measure(peer));
        }
        return measured;
    }

    private Measurement measure(Peer peer) throws InterruptedException {
        LoadRun run = LoadRun.start(scenario, requests, loops, peer.addresses());
        run.hold(scenario.ramp().plus(SETTLE));
        run.openWindow();
        long startNanos = ticker.nanos();
        CpuTimes before = CpuTimes.now(peer, engines);
        Traffic trafficBefore = Traffic.now(peer);
        run.hold(options.window());
        Traffic traffic = Traffic.now(peer).since(trafficBefore);
        CpuTimes cpu = CpuTimes.now(peer, engines).since(before);
        Duration window = Duration.ofNanos(ticker.nanos() - startNanos);
        Tally.Counts counts = run.closeWindow();
        long residentKib = peer.residentKib();
        run.finish(PATIENCE);
        long grownKib = residentKib - baseKib.getOrDefault(peer.name(), residentKib);
        return new Measurement(counts, window, cpu, traffic, residentKib, grownKib);
    }

    @Override
    public void close() {
        peers.values().forEach(Peer::close);
        engines.close();
    }
}
