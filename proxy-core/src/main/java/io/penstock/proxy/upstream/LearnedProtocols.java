package io.penstock.proxy.upstream;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code auto} endpoints were found to speak. Loops that meet a new engine at the same moment may each find out for
 * themselves; the findings agree. Threading: any thread.
 */
final class LearnedProtocols {

    private final ConcurrentHashMap<Endpoint, Protocol> learned = new ConcurrentHashMap<>();

    /** The protocol to speak, {@link Protocol#AUTO} while it is unknown. */
    Protocol of(Endpoint endpoint) {
        return endpoint.protocol() == Protocol.AUTO
                ? learned.getOrDefault(endpoint, Protocol.AUTO)
                : endpoint.protocol();
    }

    void learn(Endpoint endpoint, Protocol protocol) {
        if (endpoint.protocol() == Protocol.AUTO) {
            learned.put(endpoint, protocol);
        }
    }

    /** Forgets: the engine cannot be reached or answers nothing sensible, and may be something else by now. */
    void forget(Endpoint endpoint) {
        learned.remove(endpoint);
    }
}
