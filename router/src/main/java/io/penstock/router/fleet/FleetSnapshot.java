package io.penstock.router.fleet;

import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole fleet at one moment; a request is routed on one of these from beginning to end. Threading: immutable,
 * published by one volatile write.
 *
 * @param config what the fleet is made of
 * @param pools by name, in the order of the configuration; of a disaggregated pool its decode engines
 * @param prefills the prefill engines of disaggregated pools, by the pools' names
 * @param models which models exist
 */
public record FleetSnapshot(
        RouterConfig config,
        Map<String, PoolSnapshot> pools,
        Map<String, PoolSnapshot> prefills,
        ModelDirectory models) {

    /** The fleet of these groups of engines. */
    static FleetSnapshot of(RouterConfig config, List<PoolSnapshot> groups, ModelDirectory models) {
        Map<String, PoolSnapshot> pools = new LinkedHashMap<>();
        Map<String, PoolSnapshot> prefills = new LinkedHashMap<>();
        for (PoolSnapshot group : groups) {
            boolean prefill = PoolConfig.isPrefill(group.name());
            (prefill ? prefills : pools).put(PoolConfig.poolOf(group.name()), group);
        }
        return new FleetSnapshot(config, pools, prefills, models);
    }

    /** Every group of engines. */
    public List<PoolSnapshot> groups() {
        return Stream.concat(pools.values().stream(), prefills.values().stream())
                .toList();
    }

    /** The prefill engines of the pool of this name, or null. */
    public @Nullable PoolSnapshot prefill(String pool) {
        return prefills.get(pool);
    }

    /** The pool of this name, or null. */
    public @Nullable PoolSnapshot pool(String name) {
        return pools.get(name);
    }
}
