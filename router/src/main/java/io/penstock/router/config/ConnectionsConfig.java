package io.penstock.router.config;

import java.time.Duration;

/**
 * Connections to the engines. They belong to no pool: an engine that stands in two pools is reached over the same ones.
 * Threading: immutable.
 */
public record ConnectionsConfig(
        @Key(
                value = "an idle connection is closed after this; keep it below the engines' keep-alive of 5s",
                defaultsTo = "3s",
                min = "100ms",
                max = "10m")
        Duration idleTimeout,

        @Key(
                value = "requests that share one HTTP/2 connection at most, within the engine's own limit",
                defaultsTo = "128",
                min = "1",
                max = "256")
        int maxStreams) {}
