package io.penstock.proxy.front;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.exchange.BodyMemory;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.runtime.TickWheels;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.upstream.UpstreamPools;

/**
 * What every client connection shares. Threading: immutable.
 *
 * @param router decides where requests go
 * @param pools the connections to engines
 * @param observer is told of everything
 * @param options limits
 * @param bodies the memory that request bodies take
 * @param ticker the clock
 * @param wheels the timer of each loop
 */
public record FrontContext(
        RequestRouter router,
        UpstreamPools pools,
        ProxyObserver observer,
        ProxyOptions.Front options,
        BodyMemory bodies,
        Ticker ticker,
        TickWheels wheels) {

    ExchangeContext onLoop(EventExecutor loop) {
        return new ExchangeContext(router, pools.of(loop), observer, options, bodies, ticker, wheels.of(loop));
    }
}
