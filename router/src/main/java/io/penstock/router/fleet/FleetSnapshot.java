package io.penstock.router.fleet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole fleet at one moment; a request is routed on one of these from beginning to end. Threading: immutable,
 * published by one volatile write.
 *
 * @param pools by name, in the order of the configuration
 * @param models which models exist
 */
public record FleetSnapshot(Map<String, PoolSnapshot> pools, ModelDirectory models) {

    /** The pool of this name, or null. */
    public @Nullable PoolSnapshot pool(String name) {
        return pools.get(name);
    }
}
