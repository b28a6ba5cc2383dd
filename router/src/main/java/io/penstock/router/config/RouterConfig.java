package io.penstock.router.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration file. Threading: immutable.
 *
 * @param server ports, limits, life cycle
 * @param connections to the engines of every pool
 * @param pools groups of engines that serve the same models
 * @param tokenizers how text becomes tokens
 * @param access who may use the router
 * @param sharedLimits where limits are shared with other routers, or null
 * @param tracing where OpenTelemetry spans go, or null
 * @param routes which request goes to which pools; first match wins
 */
public record RouterConfig(
        @Key("ports, limits and life cycle of the router itself")
        ServerConfig server,

        @Key("connections to the engines") ConnectionsConfig connections,

        @Key(value = "groups of engines that serve the same models", min = "1")
        List<PoolConfig> pools,

        @Key(value = "how the text of models becomes tokens; left out: nothing is tokenized", defaultsTo = "[]")
        List<TokenizerConfig> tokenizers,

        @Key("who may use the router; left out: everybody") AccessConfig access,

        @Key(
                value = "limits that all routers have in common, in Redis; left out: each router keeps its own",
                defaultsTo = "~")
        @Nullable
        SharedLimitsConfig sharedLimits,

        @Key(value = "OpenTelemetry traces; left out: none are made", defaultsTo = "~") @Nullable
        TracingConfig tracing,

        @Key(
                value =
                        "which request goes to which pools, first match wins; left out: by model to the pool that serves it",
                defaultsTo = "[]")
        List<RouteConfig> routes) {

    /** The groups of engines of all pools, each as a pool of its own; see {@link PoolConfig#groups}. */
    public List<PoolConfig> groups() {
        return pools.stream().flatMap(pool -> pool.groups().stream()).toList();
    }

    /** The name of the route at {@code index}, counted from 0: the given one, or {@code route-N} counted from 1. */
    public String routeName(int index) {
        String name = routes.get(index).name();
        return name == null ? "route-" + (index + 1) : name;
    }
}
