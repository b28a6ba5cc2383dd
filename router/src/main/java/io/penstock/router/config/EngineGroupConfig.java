package io.penstock.router.config;

import java.util.List;

/** The engines of a disaggregated pool that do one of its two jobs. Threading: immutable. */
public record EngineGroupConfig(
        @Key(
                value = "engines as http://host:port or https://host:port, or as a map with url, protocol and drain",
                min = "1")
        List<PoolConfig.EngineConfig> engines,

        @Key("how one of these engines is picked") PolicyConfig policy,

        @Key("when one of these engines is taken out and back in")
        HealthConfig health,

        @Key("how much these engines take at once") LimitsConfig limits) {}
