package io.penstock.router;

import io.penstock.proxy.api.EngineTls;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.http.Networks;
import io.penstock.router.config.DiscoveryConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.ServerConfig;
import io.penstock.router.config.ServerTlsConfig;
import io.penstock.router.tls.LiveTls;
import io.penstock.router.tls.TlsFileException;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the TLS of a router and the rules for arriving clients, out of its configuration. Threading: any thread. */
final class TlsParts {

    private TlsParts() {}

    /**
     * Reads the files that the configuration names.
     *
     * @throws TlsFileException if one of them cannot be used
     */
    static LiveTls live(RouterConfig config) throws TlsFileException {
        ServerTlsConfig server = config.server().tls();
        return new LiveTls(server == null ? null : server.files(), engines(config), Clock.systemUTC());
    }

    private static Set<EngineTls> engines(RouterConfig config) {
        return config.groups().stream()
                .filter(TlsParts::isSecure)
                .map(pool -> pool.tls().value())
                .collect(Collectors.toSet());
    }

    private static boolean isSecure(PoolConfig pool) {
        DiscoveryConfig discovery = pool.discovery();
        return (discovery != null && discovery.secure())
                || pool.engines().stream().anyMatch(PoolConfig.EngineConfig::secure);
    }

    /**
     * Reads the files that another configuration names for engines; blocks.
     *
     * @throws TlsFileException if one of them cannot be used
     */
    static void learn(LiveTls tls, RouterConfig next) throws TlsFileException {
        tls.learn(engines(next));
    }

    /** How clients arrive. */
    static ProxyOptions.Arrival arrival(ServerConfig server) {
        var defaults = ProxyOptions.Arrival.DEFAULT;
        ServerTlsConfig tls = server.tls();
        return new ProxyOptions.Arrival(
                server.proxyProtocol(),
                defaults.proxyHeaderTimeout(),
                tls == null ? defaults.handshakeTimeout() : tls.handshakeTimeout(),
                Networks.of(server.trustedProxies()));
    }
}
