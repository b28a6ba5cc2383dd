package io.penstock.router.config;

import java.time.Duration;

/** When an engine is taken out and back in. Threading: immutable. */
public record HealthConfig(
        @Key(value = "path of the active probe", defaultsTo = "/health")
        String path,

        @Key(value = "time between two probes", defaultsTo = "2s", min = "50ms", max = "1h")
        Duration interval,

        @Key(value = "a probe without an answer fails after this", defaultsTo = "5s", min = "10ms", max = "10m")
        Duration timeout,

        @Key(value = "failed probes in a row that take an engine out", defaultsTo = "2", min = "1", max = "100")
        int failuresToDown,

        @Key(value = "good probes in a row that take it back in", defaultsTo = "1", min = "1", max = "100")
        int successesToUp,

        @Key(
                value = "failed requests in a row (connect failures, resets, 5xx) that eject an engine; 0 never ejects",
                defaultsTo = "3",
                min = "0",
                max = "1000")
        int ejectAfter,

        @Key(
                value = "share of failed requests within the window that ejects an engine; 0 never ejects",
                defaultsTo = "0.5",
                min = "0.0",
                max = "1.0")
        double failureRatio,

        @Key(
                value = "requests within the window before their share of failures is looked at",
                defaultsTo = "20",
                min = "1",
                max = "100000")
        int minRequests,

        @Key(value = "how far back failureRatio looks", defaultsTo = "30s", min = "1s", max = "1h")
        Duration window,

        @Key(value = "first ejection; doubles with each further one", defaultsTo = "2s", min = "10ms", max = "1h")
        Duration ejectFor,

        @Key(value = "longest ejection", defaultsTo = "60s", min = "10ms", max = "24h")
        Duration maxEjectFor,

        @Key(
                value = "longest an engine is left alone for a Retry-After it sent with a 429; 0s ignores it",
                defaultsTo = "10s",
                min = "0s",
                max = "10m")
        Duration maxRetryAfter,

        @Key(
                value = "share of a pool that must stay pickable: below it, ejections are ignored",
                defaultsTo = "0.5",
                min = "0.0",
                max = "1.0")
        double panicThreshold) {}
