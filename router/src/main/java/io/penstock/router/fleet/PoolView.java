package io.penstock.router.fleet;

import io.penstock.router.config.LimitsConfig;

/**
 * One pool as metrics and the admin port see it, read at one moment. Threading: immutable.
 *
 * @param pool its name
 * @param waiting requests that wait for room on an engine
 * @param limits how much it takes at once, as configured
 */
public record PoolView(String pool, int waiting, LimitsConfig limits) {}
