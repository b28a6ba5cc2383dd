package io.penstock.router.simulate;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a simulated engine has done, for tests and benchmarks to look at while it runs. Threading: counters; written by
 * the engine's loop, read by anyone; no invariant holds across two of them.
 */
public final class EngineCounters {

    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();
    final LongAdder received = new LongAdder();
    final LongAdder finished = new LongAdder();
    final LongAdder aborted = new LongAdder();
    final LongAdder connectionsOpened = new LongAdder();
    final LongAdder connectionsClosed = new LongAdder();
    final LongAdder tokensGenerated = new LongAdder();
    final LongAdder tokensSent = new LongAdder();
    final LongAdder tokensSpared = new LongAdder();

    private final Map<KvEvent, LongAdder> kv = new EnumMap<>(KvEvent.class);

    EngineCounters() {
        for (KvEvent event : KvEvent.values()) {
            kv.put(event, new LongAdder());
        }
    }

    LongAdder counter(KvEvent event) {
        return Objects.requireNonNull(kv.get(event));
    }

    /** How often something happened with KV caches of or for other engines. */
    public long kv(KvEvent event) {
        return counter(event).sum();
    }

    /** Generations that hold a slot. */
    public int running() {
        return running.get();
    }

    /** Generations that wait for a slot. */
    public int waiting() {
        return waiting.get();
    }

    /** Requests of any kind, {@code /health} and {@code /metrics} included. */
    public long received() {
        return received.sum();
    }

    /** Generations that came to their end, whether or not a fault cut their answer. */
    public long finished() {
        return finished.sum();
    }

    /** Generations that ended because their client left. */
    public long aborted() {
        return aborted.sum();
    }

    /** TCP connections accepted. */
    public long connectionsOpened() {
        return connectionsOpened.sum();
    }

    /** TCP connections ended. */
    public long connectionsClosed() {
        return connectionsClosed.sum();
    }

    /** TCP connections open now. */
    public long connections() {
        return connectionsOpened.sum() - connectionsClosed.sum();
    }

    /** Tokens generated, over all choices. */
    public long tokensGenerated() {
        return tokensGenerated.sum();
    }

    /** Tokens handed to the wire; stays behind {@link #tokensGenerated()} while readers are slow. */
    public long tokensSent() {
        return tokensSent.sum();
    }

    /** Tokens that aborts kept from being generated. */
    public long tokensSpared() {
        return tokensSpared.sum();
    }
}
