package io.penstock.router.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where several routers keep their limits in common. Threading: immutable. */
public record SharedLimitsConfig(
        @Key("where Redis is: redis://host:6379, or rediss:// for TLS; /2 at its end takes database 2")
        String url,

        @Key(value = "the user of Redis; left out: its default user", defaultsTo = "~") @Nullable
        String username,

        @Key("the password of Redis; left out: none") RedisPasswordConfig password,

        @Key(
                value = "PEM file with the authorities that are believed; left out: those of the system",
                defaultsTo = "~",
                file = true)
        @Nullable
        String ca,

        @Key(
                value = "a request waits for Redis no longer than this; then the router's own limits decide",
                defaultsTo = "50ms",
                min = "1ms",
                max = "10s")
        Duration timeout,

        @Key(
                value = "first word of keys in Redis; routers that share their limits have the same",
                defaultsTo = "penstock")
        String keyPrefix) {

    /** Where the password is found; never written into the file itself. */
    public record RedisPasswordConfig(
            @Key(value = "an environment variable with the password", defaultsTo = "~") @Nullable
            String env,

            @Key(
                    value = "a file with the password alone; read again for each connection",
                    defaultsTo = "~",
                    file = true)
            @Nullable
            String file) {}
}
