package io.penstock.router;

import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log which pools a configuration has. Threading: any thread. */
final class PoolLines {

    private static final Logger log = LoggerFactory.getLogger(Router.class);

    private PoolLines() {}

    /** One line for each pool. */
    static void log(RouterConfig config) {
        config.pools().forEach(PoolLines::log);
    }

    private static void log(PoolConfig pool) {
        log.info(
                "pool {}: policy {}, models {}, engines {}",
                pool.name(),
                pool.policy().type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                pool.models().isEmpty() ? "as the engines list them" : String.join(", ", pool.models()),
                pool.engines().stream().map(PoolLines::shown).collect(Collectors.joining(", ")));
    }

    private static String shown(PoolConfig.EngineConfig engine) {
        return engine.drain() ? engine.url() + " (draining)" : engine.url();
    }
}
