package io.penstock.proxy.exchange;

import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.runtime.TickWheel;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.upstream.LoopPool;

/**
 * What every exchange of one event loop shares. Threading: immutable; its pool and its wheel are confined to the loop.
 *
 * @param router decides where requests go
 * @param pool the loop's connections to engines
 * @param observer is told of everything
 * @param options limits
 * @param bodies the memory that request bodies take
 * @param ticker the clock
 * @param wheel the loop's timer for what is held
 */
public record ExchangeContext(
        RequestRouter router,
        LoopPool pool,
        ProxyObserver observer,
        ProxyOptions.Front options,
        BodyMemory bodies,
        Ticker ticker,
        TickWheel wheel) {}
