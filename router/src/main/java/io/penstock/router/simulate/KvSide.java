package io.penstock.router.simulate;

import java.time.Duration;

/**
 * Which part a simulated engine has where prefill and decode are apart. Threading: immutable.
 *
 * @param network reaches the other engines
 * @param connector how KV caches are handed over
 * @param role what this engine does
 * @param lease how long blocks are kept for a decode engine
 * @param patience how long one engine waits for the other
 */
public record KvSide(KvNetwork network, Connector connector, Role role, Duration lease, Duration patience) {

    /** The port that {@link Connector#SGLANG} and {@link Connector#PUSH} expect to be named. */
    public static final int BOOTSTRAP_PORT = 8998;

    /** What an engine does. */
    public enum Role {
        PREFILL,
        DECODE
    }

    /** How KV caches are handed over. */
    public enum Connector {
        /** vLLM's NIXL: decode fetches what prefill answered. */
        NIXL,
        /** vLLM's connectors that push: both meet by a transfer id. */
        PUSH,
        /** SGLang: both meet in a bootstrap room. */
        SGLANG
    }

    /** With the engines' own defaults: a lease of 30 s, patience of 300 s. */
    public KvSide(KvNetwork network, Connector connector, Role role) {
        this(network, connector, role, Duration.ofSeconds(30), Duration.ofSeconds(300));
    }

    boolean prefills() {
        return role == Role.PREFILL;
    }
}
