package io.penstock.router;

import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvNetwork;
import io.penstock.router.simulate.KvSide;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.TimeModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The simulated engines of {@code penstock demo}. Threading: the main thread.
 *
 * @param prefills those that only prefill; none where every engine does both
 * @param answering those that answer
 */
record DemoEngines(List<SimulatedEngine> prefills, List<SimulatedEngine> answering) implements AutoCloseable {

    private static final TimeModel PACE = TimeModel.of(Duration.ofMillis(150), Duration.ofMillis(40));

    /** Three engines that prefill and decode. */
    static DemoEngines whole(EventLoops loops) {
        return new DemoEngines(
                List.of(), List.of(start(options(), loops), start(options(), loops), start(options(), loops)));
    }

    /** One engine that prefills for two that decode. */
    static DemoEngines apart(EventLoops loops) {
        KvNetwork network = new KvNetwork();
        var prefill = new KvSide(network, KvSide.Connector.NIXL, KvSide.Role.PREFILL);
        var decode = new KvSide(network, KvSide.Connector.NIXL, KvSide.Role.DECODE);
        return new DemoEngines(
                List.of(start(options().kv(prefill), loops)),
                List.of(start(options().kv(decode), loops), start(options().kv(decode), loops)));
    }

    private static SimulatedEngineOptions.Builder options() {
        return SimulatedEngineOptions.builder().time(PACE).plainText(true);
    }

    private static SimulatedEngine start(SimulatedEngineOptions.Builder options, EventLoops loops) {
        var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return SimulatedEngine.start(options.build(), loops, free);
    }

    String title() {
        return prefills.isEmpty()
                ? "Penstock: one address in front of three simulated engines"
                : "Penstock: one address in front of an engine that prefills and two that decode";
    }

    /** The addresses of those that answer. */
    List<String> names() {
        return answering.stream().map(DemoEngines::name).toList();
    }

    private static String name(SimulatedEngine engine) {
        return engine.url().substring("http://".length());
    }

    RouterConfig config() throws ConfigException {
        return ConfigLoader.parse("""
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, debugHeaders: true }
                pools:
                  - name: demo
                    models: [sim]
                    %s
                """.formatted(engines()));
    }

    private String engines() {
        return prefills.isEmpty()
                ? "engines: [" + urls(answering) + "]"
                : """
                prefill: { engines: [%s] }
                    decode: { engines: [%s] }
                    disaggregation: { protocol: vllm-nixl }""".formatted(urls(prefills), urls(answering));
    }

    private static String urls(List<SimulatedEngine> engines) {
        return engines.stream().map(SimulatedEngine::url).collect(Collectors.joining(", "));
    }

    /** Says what was handed over; true if that is what was prefilled. */
    boolean tellHandovers(DemoScreen screen) {
        if (prefills.isEmpty()) {
            return true;
        }
        screen.title("Who did what");
        SimulatedEngine prefill = prefills.get(0);
        long made = prefill.counters().kv(KvEvent.OFFERED);
        screen.say("  prefill %s  %d prompts, %d token each and no more"
                .formatted(
                        name(prefill), made, made == 0 ? 0 : prefill.counters().tokensGenerated() / made));
        long fetched = 0;
        for (int i = 0; i < answering.size(); i++) {
            long here = answering.get(i).counters().kv(KvEvent.FETCHED);
            fetched += here;
            screen.say("  decode  %s  %d KV caches fetched, %d tokens"
                    .formatted(
                            screen.engine(i), here, answering.get(i).counters().tokensGenerated()));
        }
        return made > 0 && made == fetched;
    }

    @Override
    public void close() {
        prefills.forEach(SimulatedEngine::close);
        answering.forEach(SimulatedEngine::close);
    }
}
