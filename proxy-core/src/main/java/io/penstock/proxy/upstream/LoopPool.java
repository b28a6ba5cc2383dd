package io.penstock.proxy.upstream;

import io.netty.channel.EventLoop;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to all engines. A request sent here stays on this loop, so that a streamed chunk crosses no
 * thread. Threading: loop-confined; {@link #retireAll} and {@link #forget} from any thread.
 */
@LoopConfined
public final class LoopPool {

    private final EventLoop loop;
    private final Connector connector;
    private final ProxyOptions.Upstream options;
    private final Ticker ticker;
    private final Map<Endpoint, EnginePool> engines = new HashMap<>();
    private final Future<?> sweeping;

    LoopPool(EventLoop loop, Connector connector, ProxyOptions.Upstream options, Ticker ticker) {
        this.loop = loop;
        this.connector = connector;
        this.options = options;
        this.ticker = ticker;
        long sweep = Math.max(50, options.idleTimeout().toMillis() / 4);
        this.sweeping = loop.scheduleWithFixedDelay(this::sweep, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    /**
     * Sends a request, on a pooled connection or on a new one. Takes the request's body over in every case. Never throws;
     * what happens is told to {@code sink}, possibly before this returns.
     *
     * @param connectTimeout how long a new connection may take
     */
    public UpstreamStream send(Endpoint endpoint, UpstreamRequest request, Duration connectTimeout, ResponseSink sink) {
        return of(endpoint).send(request, connectTimeout, sink);
    }

    /**
     * As {@link #send}, after one of the engine's idle connections turned out to be dead: the others are closed first, as they
     * most likely are dead too.
     */
    public UpstreamStream sendAfresh(
            Endpoint endpoint, UpstreamRequest request, Duration connectTimeout, ResponseSink sink) {
        EnginePool pool = of(endpoint);
        pool.retireIdle();
        return pool.send(request, connectTimeout, sink);
    }

    private EnginePool of(Endpoint endpoint) {
        Loops.assertIn(loop);
        EnginePool pool = engines.get(endpoint);
        if (pool == null) {
            pool = new EnginePool(loop, endpoint, connector, options, ticker);
            engines.put(endpoint, pool);
        }
        return pool;
    }

    /** Closes idle connections now and the others with their last response. */
    void retireAll() {
        sweeping.cancel(false);
        if (loop.inEventLoop()) {
            engines.values().forEach(EnginePool::retireAll);
        } else {
            loop.execute(this::retireAll);
        }
    }

    /** Closes the idle connections to an endpoint and the others with their last response. */
    void forget(Endpoint endpoint) {
        if (loop.inEventLoop()) {
            EnginePool pool = engines.remove(endpoint);
            if (pool != null) {
                pool.retireAll();
            }
        } else {
            runSoon(() -> forget(endpoint));
        }
    }

    /** A loop that has ended has closed everything. */
    private void runSoon(Runnable work) {
        try {
            loop.execute(work);
        } catch (RejectedExecutionException ended) {
            // its connections ended with it
        }
    }

    private void sweep() {
        engines.values().forEach(EnginePool::closeIdle);
        engines.values().removeIf(EnginePool::isEmpty);
    }
}
