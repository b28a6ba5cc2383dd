package io.penstock.router.fleet;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineTls;
import io.penstock.router.config.PoolConfig;
import java.net.URI;

/** Engine addresses of the configuration as endpoints. Threading: any thread. */
final class Endpoints {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private Endpoints() {}

    /**
     * The endpoint of one engine; its own protocol wins over the pool's.
     *
     * @param trust how it proves who it is, if it is spoken to over TLS
     * @throws IllegalArgumentException if the address is not {@code http://host[:port]} or {@code https://host[:port]}
     */
    static Endpoint of(PoolConfig.EngineConfig engine, PoolConfig.Protocol ofPool, EngineTls trust) {
        URI uri = URI.create(engine.url());
        String host = uri.getHost();
        boolean secure = "https".equals(uri.getScheme());
        if (host == null || !(secure || "http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("an engine's address is http://host:port, not " + engine.url());
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        PoolConfig.Protocol protocol = engine.protocol() == null ? ofPool : engine.protocol();
        int standard = secure ? HTTPS_PORT : HTTP_PORT;
        return new Endpoint(bare, uri.getPort() < 0 ? standard : uri.getPort(), wire(protocol), secure ? trust : null);
    }

    private static Endpoint.Protocol wire(PoolConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> Endpoint.Protocol.HTTP1;
            case HTTP2, H2C -> Endpoint.Protocol.H2C;
            case AUTO -> Endpoint.Protocol.AUTO;
        };
    }
}
