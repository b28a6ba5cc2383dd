package io.penstock.router.simulate;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.proxy.runtime.TickWheel;
import io.penstock.proxy.runtime.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The slots of the engine and the queue before them, first come first served. A request takes one slot whatever its
 * number of choices, and frees it with its last token, also when its client has not read that far. Threading:
 * loop-confined. The queue is bounded; vLLM's is not.
 */
@LoopConfined
final class Scheduler {

    /** How a generation left. */
    enum End {
        FINISHED,
        ABORTED,
        FAILED
    }

    private static final int MAX_WAITING = 65_536;

    /** Tokens come to the millisecond. */
    private static final long TICK_NANOS = 1_000_000;

    private final EventExecutor loop;
    private final TickWheel wheel;
    private final Ticker ticker;
    private final TimeModel time;
    private final PrefixCache cache;
    private final EngineCounters counters;
    private final EngineMetrics metrics;
    private final Set<Generation> running = new LinkedHashSet<>();
    private final Set<Generation> waiting = new LinkedHashSet<>();
    private final List<Generation> parked = new ArrayList<>();
    private boolean paused;

    Scheduler(EventExecutor loop, Ticker ticker, SimulatedEngineOptions options, EngineMetrics metrics) {
        this.loop = loop;
        this.wheel = new TickWheel(loop, ticker, TICK_NANOS);
        this.ticker = ticker;
        this.time = options.time();
        this.cache = new PrefixCache(options.cacheBlocks());
        this.counters = metrics.counters();
        this.metrics = metrics;
    }

    long nanos() {
        return ticker.nanos();
    }

    /** Queues the generation, and starts it if a slot is free. */
    void submit(Generation generation) {
        Loops.assertIn(loop);
        if (waiting.size() == MAX_WAITING) {
            throw new RequestRefused(EngineError.ofStatus(503, "The simulated engine's queue is full."));
        }
        waiting.add(generation);
        counters.waiting.incrementAndGet();
        generation.accepted();
        admit();
    }

    private void admit() {
        while (!paused && running.size() < time.slots() && !waiting.isEmpty()) {
            Generation next = waiting.iterator().next();
            waiting.remove(next);
            counters.waiting.decrementAndGet();
            running.add(next);
            counters.running.incrementAndGet();
            start(next);
        }
    }

    private void start(Generation generation) {
        int cached = 0;
        for (PromptTokens prompt : generation.request().prompts()) {
            cached += cache.enter(prompt);
        }
        int tokens = generation.request().promptTokens();
        cached = generation.fetched() ? tokens : cached;
        long now = ticker.nanos();
        metrics.started(tokens, cached, now - generation.arrivedNanos());
        generation.admitted(now + time.prefillNanos(tokens - cached, running.size()), cached);
        wheel.add(generation);
    }

    /** The time to the next token at the load of this moment. */
    long interTokenNanos() {
        return time.interTokenNanos(running.size());
    }

    /** Wakes the generation when its next token is due. */
    void wakes(Generation generation) {
        wheel.add(generation);
    }

    /** Keeps the generation until the engine goes on, if it is paused. */
    boolean parks(Generation generation) {
        if (paused) {
            parked.add(generation);
        }
        return paused;
    }

    /** Counts what a generation got since it had {@code before} tokens. */
    void generated(Generation generation, int before) {
        GenerationRequest request = generation.request();
        int tokens = request.completionTokens(generation.generated()) - request.completionTokens(before);
        counters.tokensGenerated.add(tokens);
        metrics.generated(tokens);
        if (before == 0 && tokens > 0) {
            metrics.firstToken(ticker.nanos() - generation.arrivedNanos());
        }
    }

    /** Counts what went to the wire. */
    void sent(GenerationRequest request, int before, int after) {
        counters.tokensSent.add((long) request.completionTokens(after) - request.completionTokens(before));
    }

    /** The generation gives its slot or its place in the queue back. */
    void left(Generation generation, End how) {
        Loops.assertIn(loop);
        if (running.remove(generation)) {
            counters.running.decrementAndGet();
        } else if (waiting.remove(generation)) {
            counters.waiting.decrementAndGet();
        }
        GenerationRequest request = generation.request();
        int tokens = request.completionTokens(generation.generated());
        if (how == End.ABORTED) {
            counters.tokensSpared.add((long) request.completionTokens() - tokens);
            counters.aborted.increment();
        } else {
            counters.finished.increment();
        }
        metrics.ended(request, tokens, how, ticker.nanos() - generation.arrivedNanos());
        admit();
    }

    /** Stops or continues generating; requests are still accepted and queued. */
    void paused(boolean stop) {
        Loops.assertIn(loop);
        paused = stop;
        if (!stop) {
            for (Generation generation : parked) {
                generation.resumed(ticker.nanos());
                wheel.add(generation);
            }
            parked.clear();
            admit();
        }
    }

    /** The part of the KV cache that running requests hold, 0 to 1. */
    double cacheUsage(int blocks) {
        long used = 0;
        for (Generation generation : running) {
            int tokens =
                    generation.request().promptTokens() + generation.request().completionTokens(generation.generated());
            used += (tokens + PromptTokens.BLOCK - 1) / PromptTokens.BLOCK;
        }
        return Math.min(1.0, (double) used / blocks);
    }
}
