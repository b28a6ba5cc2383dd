package io.penstock.router.fleet;

import io.penstock.router.config.RouterConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole fleet at one moment; a request is routed on one of these from beginning to end. Threading: immutable,
 * published by one volatile write.
 *
 * @param config what the fleet is made of
 * @param pools by name, in the order of the configuration
 * @param models which models exist
 */
public record FleetSnapshot(RouterConfig config, Map<String, PoolSnapshot> pools, ModelDirectory models) {

    /** The pool of this name, or null. */
    public @Nullable PoolSnapshot pool(String name) {
        return pools.get(name);
    }
}
