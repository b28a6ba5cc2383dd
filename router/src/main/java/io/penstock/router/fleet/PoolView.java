package io.penstock.router.fleet;

import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.PoolConfig;
import java.util.List;

/**
 * One pool as metrics and the admin port see it, read at one moment. Threading: immutable.
 *
 * @param pool its name
 * @param canServe true if some engine may be picked, now or after the pause it asked for
 * @param probed false for a short while after the start, until it is known how its engines are
 * @param engines its engines, in the order of the configuration
 * @param waiting requests that wait for room on an engine
 * @param limits how much it takes at once, as configured
 * @param removed true if it is not in the configuration any more, and is shown until its running requests end
 */
public record PoolView(
        String pool,
        boolean canServe,
        boolean probed,
        List<EngineView> engines,
        int waiting,
        LimitsConfig limits,
        boolean removed) {

    /** True if requests are routed to it; false for prefill engines, which only help others. */
    public boolean takesRequests() {
        return !PoolConfig.isPrefill(pool);
    }
}
