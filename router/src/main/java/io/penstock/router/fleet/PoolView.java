package io.penstock.router.fleet;

import java.util.List;

/**
 * One pool as the admin port sees it, read at one moment. Threading: immutable.
 *
 * @param pool its name
 * @param canServe true if some engine may be picked
 * @param probed false for a short while after the start, until it is known how its engines are
 * @param engines its engines, in the order of the configuration
 */
public record PoolView(String pool, boolean canServe, boolean probed, List<EngineView> engines) {}
