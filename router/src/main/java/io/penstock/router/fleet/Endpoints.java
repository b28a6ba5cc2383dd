package io.penstock.router.fleet;

import io.penstock.proxy.api.Endpoint;
import io.penstock.router.config.PoolConfig;
import java.net.URI;

/** Engine addresses of the configuration as endpoints. Threading: any thread. */
final class Endpoints {

    private static final int HTTP_PORT = 80;

    private Endpoints() {}

    /**
     * The endpoint of one engine; its own protocol wins over the pool's.
     *
     * @throws IllegalArgumentException if the address is not {@code http://host[:port]}
     */
    static Endpoint of(PoolConfig.EngineConfig engine, PoolConfig.Protocol ofPool) {
        URI uri = URI.create(engine.url());
        String host = uri.getHost();
        if (host == null || !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("an engine's address is http://host:port, not " + engine.url());
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        PoolConfig.Protocol protocol = engine.protocol() == null ? ofPool : engine.protocol();
        return new Endpoint(bare, uri.getPort() < 0 ? HTTP_PORT : uri.getPort(), wire(protocol));
    }

    private static Endpoint.Protocol wire(PoolConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> Endpoint.Protocol.HTTP1;
            case H2C -> Endpoint.Protocol.H2C;
            case AUTO -> Endpoint.Protocol.AUTO;
        };
    }
}
