package io.penstock.router.fleet;

import io.penstock.router.config.PoolConfig;
import java.util.List;

/**
 * How one engine stands in a snapshot. Threading: immutable.
 *
 * @param engine the engine
 * @param state whether it may be picked, and why not
 * @param models what it serves, as far as known
 * @param listed what the list of its pool says of it
 * @param backNanos when a busy or an ejected engine may be picked again, on the {@code Ticker}; else means nothing
 */
public record EngineStanding(
        Engine engine, EngineState state, List<String> models, PoolConfig.EngineConfig listed, long backNanos) {}
