package io.penstock.router;

import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.config.DiscoveryConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.ServerConfig;
import io.penstock.router.metrics.Build;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of a router that has started: where it listens, its pools and engines. Threading: any thread. */
final class Announcement {

    private static final Logger log = LoggerFactory.getLogger(Announcement.class);

    private Announcement() {}

    /** The router is ready. */
    static void started(RouterConfig config, Build build, EventLoops loops, int dataPort, int adminPort) {
        pools(config);
        ServerConfig at = config.server();
        String spoken = at.tls() == null ? "" : " over TLS";
        log.info("clients on {}:{}{}, admin on {}:{}", at.host(), dataPort, spoken, at.adminHost(), adminPort);
        log.info(
                "penstock {} is ready {} ms after its start: {} event loops on {}, Java {}",
                build.version(),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                loops.size(),
                loops.transport(),
                build.java());
    }

    /** These pools are in force. */
    static void pools(RouterConfig config) {
        config.groups().forEach(pool -> pool(pool, pool.policy().sameZone() ? OwnZone.told(config.server()) : ""));
    }

    private static void pool(PoolConfig pool, String zone) {
        log.info(
                "pool {}: policy {}{}, models {}, engines {}",
                pool.name(),
                pool.policy().type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                zone,
                pool.models().isEmpty() ? "as the engines list them" : String.join(", ", pool.models()),
                engines(pool));
    }

    private static String engines(PoolConfig pool) {
        DiscoveryConfig discovery = pool.discovery();
        return discovery == null
                ? pool.engines().stream().map(Announcement::shown).collect(Collectors.joining(", "))
                : "by " + discovery.place();
    }

    private static String shown(PoolConfig.EngineConfig engine) {
        return engine.drain() ? engine.url() + " (draining)" : engine.url();
    }
}
