package io.penstock.router.fleet;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineTls;
import io.penstock.router.config.PoolConfig;

/** Engine addresses of the configuration as endpoints. Threading: any thread. */
final class Endpoints {

    private Endpoints() {}

    /**
     * The endpoint of one engine; its own protocol wins over the pool's.
     *
     * @param trust how it proves who it is, if it is spoken to over TLS
     * @throws IllegalStateException if its address is none, which the checks of a configuration or a discovery prevent
     */
    static Endpoint of(PoolConfig.EngineConfig engine, PoolConfig.Protocol ofPool, EngineTls trust) {
        PoolConfig.Protocol protocol = engine.protocol() == null ? ofPool : engine.protocol();
        return new Endpoint(engine.host(), engine.port(), wire(protocol), engine.secure() ? trust : null);
    }

    private static Endpoint.Protocol wire(PoolConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> Endpoint.Protocol.HTTP1;
            case HTTP2, H2C -> Endpoint.Protocol.H2C;
            case AUTO -> Endpoint.Protocol.AUTO;
        };
    }
}
