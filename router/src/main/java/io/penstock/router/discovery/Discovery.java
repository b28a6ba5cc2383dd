package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The sources of all groups of engines that are not listed: pools, and the two groups of disaggregated ones. A new configuration keeps the sources that are the same in
 * both, and a new source keeps the engines of the one before until it has answered.
 *
 * <p>Threading: control plane; views may be read on any thread, and any may close it.
 */
public final class Discovery implements AutoCloseable {

    private final Means means;
    private final Function<PoolConfig, EngineSource> sources;
    private volatile Map<String, DiscoveredPool> pools = Map.of();
    private boolean closed;

    /**
     * What pools are kept with.
     *
     * @param fleet is given what was found
     * @param control the thread of the fleet
     * @param changed run on it when a pool has other engines
     */
    public record Means(Fleet fleet, ControlPlane control, Runnable changed) {}

    /** Discovery that has not begun; {@code sources} opens the source of a pool. */
    public Discovery(Means means, Function<PoolConfig, EngineSource> sources) {
        this.means = means;
        this.sources = sources;
    }

    /** Begins to look for the engines of these pools; any thread. */
    public void start(RouterConfig config) {
        means.control().execute(() -> controlApply(config));
    }

    /** Goes by another configuration, which the fleet goes by already. */
    public synchronized void controlApply(RouterConfig next) {
        if (closed) {
            return;
        }
        Map<String, DiscoveredPool> left = new LinkedHashMap<>(pools);
        Map<String, DiscoveredPool> now = new LinkedHashMap<>();
        for (PoolConfig pool : next.groups()) {
            DiscoveredPool known = left.get(pool.name());
            DiscoveryConfig discovery = pool.discovery();
            if (known != null && known.goesOnAs(pool)) {
                left.remove(pool.name());
                now.put(pool.name(), known);
            } else if (discovery != null) {
                now.put(pool.name(), new DiscoveredPool(pool, discovery, sources.apply(pool), means));
            }
        }
        left.values().forEach(DiscoveredPool::close);
        List<DiscoveredPool> before = List.copyOf(pools.values());
        pools = now;
        now.values().stream().filter(pool -> !before.contains(pool)).forEach(DiscoveredPool::controlStart);
    }

    /** How each discovered pool stands, in the order of the configuration. */
    public List<DiscoveryView> views() {
        return pools.values().stream().map(DiscoveredPool::view).toList();
    }

    /** Looks no more; the engines stay as they are. Any thread. */
    @Override
    public synchronized void close() {
        closed = true;
        pools.values().forEach(DiscoveredPool::close);
    }
}
