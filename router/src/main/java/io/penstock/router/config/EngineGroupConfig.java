package io.penstock.router.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engines of a disaggregated pool that do one of its two jobs. Threading: immutable. */
@AnyOf({"engines", "discovery"})
public record EngineGroupConfig(
        @Key(
                value =
                        "engines as http://host:port or https://host:port, or as a map with url, protocol, drain and labels",
                defaultsTo = "[]")
        List<PoolConfig.EngineConfig> engines,

        @Key(value = "where to find these engines while the router runs, in place of engines", defaultsTo = "~")
        @Nullable
        DiscoveryConfig discovery,

        @Key("how one of these engines is picked") PolicyConfig policy,

        @Key("when one of these engines is taken out and back in")
        HealthConfig health,

        @Key("how much these engines take at once") LimitsConfig limits) {}
