package io.penstock.router.discovery;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Engines while what Kubernetes says is gone through. Threading: confined to one reading. */
final class Gathering {

    private final Map<String, EngineConfig> byUrl = new TreeMap<>();
    private int withheld;
    private boolean portless;

    /** One that may be sent requests; the first with its address counts. */
    void add(EngineConfig engine) {
        byUrl.putIfAbsent(engine.url(), engine);
    }

    /** One that may not. */
    void withhold() {
        withheld++;
    }

    /** One is ready, but has no such port. */
    void lacksPort() {
        portless = true;
    }

    /**
     * All of it, in an order that does not depend on that of the API server.
     *
     * @throws IllegalStateException with the words {@code noPort}, if there are ready ones and none has the port
     */
    FoundEngines found(String noPort) {
        if (byUrl.isEmpty() && portless) {
            throw new IllegalStateException(noPort);
        }
        return new FoundEngines(List.copyOf(byUrl.values()), withheld, null);
    }
}
