package io.penstock.proxy.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.proxy.runtime.Ticker;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;

/** The {@link LoopPool} of each event loop. Threading: immutable. */
public final class UpstreamPools implements AutoCloseable {

    private final IdentityHashMap<EventExecutor, LoopPool> pools = new IdentityHashMap<>();
    private final Connector connector;

    /** Makes one pool for each loop, for engines that speak clear text. */
    public UpstreamPools(EventLoops loops, ProxyOptions.Upstream options, ProxyObserver observer, Ticker ticker) {
        this(loops, options, ticker, new Connector(loops, observer));
    }

    /**
     * Makes one pool for each loop.
     *
     * @param handshakes runs the arithmetic of TLS handshakes, and reads which name servers the system has now
     */
    public UpstreamPools(
            EventLoops loops, ProxyOptions options, Executor handshakes, ProxyObserver observer, Ticker ticker) {
        this(
                loops,
                options.upstream(),
                ticker,
                new Connector(
                        loops,
                        observer,
                        new EngineNames(loops, new SystemNameServers(SystemNameServers.FILE), handshakes, ticker),
                        new EngineHandshakes(options.tls(), handshakes)));
    }

    private UpstreamPools(EventLoops loops, ProxyOptions.Upstream options, Ticker ticker, Connector connector) {
        this.connector = connector;
        for (EventExecutor loop : loops.group()) {
            pools.put(loop, new LoopPool((EventLoop) loop, connector, options, ticker));
        }
    }

    /** The pool of {@code loop}, which must be one of the loops this was made for. */
    public LoopPool of(EventExecutor loop) {
        LoopPool pool = pools.get(loop);
        if (pool == null) {
            throw new IllegalArgumentException("not a loop of these pools: " + loop);
        }
        return pool;
    }

    /** Closes the idle connections to an endpoint soon and the others with their last response. Any thread. */
    public void forget(Endpoint endpoint) {
        connector.forget(endpoint);
        pools.values().forEach(pool -> pool.forget(endpoint));
    }

    /** Closes idle connections now and the others with their last response; ends name resolution. */
    @Override
    public void close() {
        pools.values().forEach(LoopPool::retireAll);
        connector.close();
    }
}
