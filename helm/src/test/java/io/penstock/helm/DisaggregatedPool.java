package io.penstock.helm;

import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvNetwork;
import io.penstock.router.simulate.KvSide;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.KvSide.Role;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import java.util.EnumSet;

/** A simulated engine that prefills, and one that decodes, for a pool named like their model. Threading: the test's thread. */
final class DisaggregatedPool implements AutoCloseable {

    private final KvNetwork network = new KvNetwork();
    private final String name;
    private final Connector connector;
    private final SimulatedEngine prefill;
    private final SimulatedEngine decode;

    DisaggregatedPool(String name, Connector connector) {
        this.name = name;
        this.connector = connector;
        this.prefill = start(Role.PREFILL);
        this.decode = start(Role.DECODE);
    }

    private SimulatedEngine start(Role role) {
        return SimulatedEngine.start(SimulatedEngineOptions.builder()
                .models(SimulatedModel.base(name))
                .protocols(EnumSet.of(EngineProtocol.HTTP1))
                .recordedRequests(16)
                .kv(new KvSide(network, connector, role))
                .build());
    }

    /** The pool in a configuration; decode prefills by itself what could not be prefilled. */
    String yaml() {
        String protocol = connector == Connector.NIXL
                ? "vllm-nixl"
                : "vllm-concurrent, bootstrapPort: %d".formatted(prefill.port());
        return """
                { name: %1$s, models: [%1$s], prefill: { engines: ["%2$s"] }, decode: { engines: ["%3$s"] },
                    disaggregation: { protocol: %4$s, onPrefillFailure: decode-local } }""".formatted(name, prefill.url(), decode.url(), protocol);
    }

    SimulatedEngine prefill() {
        return prefill;
    }

    /** True once a request is at both engines. */
    boolean bothAreAsked() {
        return isAsked(prefill) && isAsked(decode);
    }

    private static boolean isAsked(SimulatedEngine engine) {
        return engine.received().stream().anyMatch(request -> request.method().equals("POST"));
    }

    @Override
    public void close() {
        decode.close();
        prefill.close();
    }
}
