package io.penstock.router.fleet;

/**
 * How often an engine came into a state for one reason. Threading: immutable.
 *
 * @param pool the pool it belongs to
 * @param engine its name, {@code host:port}
 * @param state the state it came into
 * @param cause why
 * @param count how often, since the start
 */
public record StateChanges(String pool, String engine, EngineState state, StateCause cause, long count) {}
