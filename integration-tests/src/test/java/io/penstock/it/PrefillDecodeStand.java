package io.penstock.it;

import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvNetwork;
import io.penstock.router.simulate.KvSide;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.KvSide.Role;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.TimeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/** Simulated engines whose prefill and decode are apart, and the configuration of a router over them. Threading: the test's thread. */
final class PrefillDecodeStand implements AutoCloseable {

    static final long SEED = 42;

    private final KvNetwork network = new KvNetwork();
    private final Connector connector;
    private final EngineProtocol protocol;
    private final List<SimulatedEngine> prefills = new ArrayList<>();
    private final List<SimulatedEngine> decodes = new ArrayList<>();
    private final List<SimulatedEngine> others = new ArrayList<>();

    private Duration lease = Duration.ofSeconds(30);
    private Duration patience = Duration.ofMinutes(5);

    PrefillDecodeStand(Connector connector, EngineProtocol protocol) {
        this.connector = connector;
        this.protocol = protocol;
    }

    /** How long the engines started from now on keep blocks. */
    PrefillDecodeStand lease(Duration kept) {
        lease = kept;
        return this;
    }

    /** How long the engines started from now on wait for each other. */
    PrefillDecodeStand patience(Duration waits) {
        patience = waits;
        return this;
    }

    /** Starts so many engines of either kind. */
    PrefillDecodeStand engines(int prefill, int decode) {
        for (int i = 0; i < prefill; i++) {
            prefills.add(start(Role.PREFILL));
        }
        for (int i = 0; i < decode; i++) {
            decodes.add(start(Role.DECODE));
        }
        return this;
    }

    private SimulatedEngine start(Role role) {
        return SimulatedEngine.start(options()
                .kv(new KvSide(network, connector, role, lease, patience))
                .build());
    }

    /** An engine that does both. */
    SimulatedEngine whole() {
        SimulatedEngine engine = SimulatedEngine.start(options().build());
        others.add(engine);
        return engine;
    }

    private SimulatedEngineOptions.Builder options() {
        return SimulatedEngineOptions.builder()
                .models(SimulatedModel.base("m"))
                .seed(SEED)
                .protocols(EnumSet.of(protocol))
                .recordedRequests(64)
                .time(TimeModel.of(Duration.ofMillis(2), Duration.ofMillis(1)));
    }

    SimulatedEngine prefill() {
        return prefills.get(0);
    }

    SimulatedEngine decode() {
        return decodes.get(0);
    }

    List<SimulatedEngine> prefills() {
        return prefills;
    }

    List<SimulatedEngine> decodes() {
        return decodes;
    }

    KvNetwork network() {
        return network;
    }

    /** A router's configuration with these engines, and these keys of {@code disaggregation} besides the protocol. */
    String yaml(String disaggregation) {
        return yaml(disaggregation, "");
    }

    /** The same, with more pools. */
    String yaml(String disaggregation, String pools) {
        String named = switch (connector) {
            case NIXL -> "vllm-nixl";
            case PUSH -> "vllm-concurrent";
            case SGLANG -> "sglang";
        };
        return """
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1, settleTime: 0s }
                pools:
                  - name: chat
                    models: [m]
                    protocol: %s
                    prefill: { engines: %s, health: { interval: 1h } }
                    decode: { engines: %s, health: { interval: 1h } }
                    disaggregation: { protocol: %s%s }
                %s
                routes:
                  - name: main
                    to: [{ pool: chat }]
                """.formatted(
                        protocol == EngineProtocol.H2C ? "h2c" : "http1",
                        urls(prefills),
                        urls(decodes),
                        named,
                        disaggregation.isEmpty() ? "" : ", " + disaggregation,
                        pools);
    }

    private static String urls(List<SimulatedEngine> engines) {
        return engines.stream().map(SimulatedEngine::url).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public void close() {
        prefills.forEach(SimulatedEngine::close);
        decodes.forEach(SimulatedEngine::close);
        others.forEach(SimulatedEngine::close);
    }
}
