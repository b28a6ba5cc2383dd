package io.penstock.router.config;

import java.time.Duration;

/** How much a pool takes at once, and what becomes of the rest. Threading: immutable. */
public record LimitsConfig(
        @Key(
                value = "requests in flight on one engine at most; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000")
        int engineRequests,

        @Key(
                value = "requests in flight on the whole pool at most; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000")
        int poolRequests,

        @Key(
                value = "requests that wait at most while the limits are reached; beyond, 429 at once",
                defaultsTo = "0",
                min = "0",
                max = "100000")
        int waiting,

        @Key(
                value = "a request that waited this long is refused with 429",
                defaultsTo = "10s",
                min = "10ms",
                max = "1h")
        Duration maxWait) {}
