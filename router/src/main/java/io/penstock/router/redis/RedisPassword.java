package io.penstock.router.redis;

import io.penstock.router.config.SharedLimitsConfig.RedisPasswordConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The password of Redis, read each time anew. Threading: a thread that may block. */
record RedisPassword(RedisPasswordConfig config, UnaryOperator<@Nullable String> environment) {

    /**
     * The password, or null if none is configured.
     *
     * @throws IOException if there is none where it should be
     */
    char @Nullable [] read() throws IOException {
        if (config.file() != null) {
            return sound(Files.readString(Path.of(config.file())), config.file());
        }
        return config.env() == null
                ? null
                : sound(environment.apply(config.env()), "the environment variable " + config.env());
    }

    private static char[] sound(@Nullable String read, String where) throws IOException {
        String password = read == null ? "" : read.strip();
        if (password.isEmpty()) {
            throw new IOException("there is no password in " + where);
        }
        return password.toCharArray();
    }
}
