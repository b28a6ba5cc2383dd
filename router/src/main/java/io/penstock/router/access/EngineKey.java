package io.penstock.router.access;

import io.penstock.router.config.EngineKeyConfig;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API key of one pool's engines. Threading: read on event loops, published by one volatile write; refreshed on one
 * thread.
 */
final class EngineKey implements Refreshed {

    private static final Logger log = LoggerFactory.getLogger(EngineKey.class);

    private final String pool;
    private final EngineKeyConfig config;
    private final @Nullable SecretFile file;
    private volatile String bearer;

    /**
     * Reads the key.
     *
     * @throws IOException if the file or variable is missing, or holds no key
     */
    EngineKey(String pool, EngineKeyConfig config, UnaryOperator<@Nullable String> environment) throws IOException {
        this.pool = pool;
        this.config = config;
        this.file = config.file() == null ? null : new SecretFile(config.file());
        this.bearer = bearer(file == null ? environment.apply(config.env()) : file.text());
    }

    private String bearer(@Nullable String key) throws IOException {
        String stripped = key == null ? "" : key.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException("the key of pool " + pool + " is not one word of visible ASCII characters");
        }
        return "Bearer " + stripped;
    }

    /** Where it is found. */
    EngineKeyConfig config() {
        return config;
    }

    /** The value of the {@code Authorization} header. */
    String bearer() {
        return bearer;
    }

    @Override
    public void refresh() throws IOException {
        if (file != null && file.refresh(this::bearer)) {
            bearer = bearer(file.text());
            log.info("the key of the engines of pool {} has changed", pool);
        }
    }

    @Override
    public String toString() {
        return "the engine key of pool " + pool;
    }
}
