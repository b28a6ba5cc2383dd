package io.penstock.router;

import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.router.config.ConnectionsConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.ServerConfig;
import io.penstock.router.tls.LiveTls;

/** What the data plane is told of the configuration. Threading: pure functions. */
final class CoreOptions {

    private CoreOptions() {}

    /** The options of a configuration. */
    static ProxyOptions of(RouterConfig config, LiveTls tls) {
        ServerConfig server = config.server();
        var front = new ProxyOptions.Front(
                Math.toIntExact(server.maxBody().bytes()),
                maxBufferedBytes(server),
                Math.toIntExact(server.maxHeaders().bytes()),
                Math.toIntExact(server.maxRequestLine().bytes()),
                server.idleTimeout(),
                server.maxStreams(),
                server.debugHeaders(),
                limits(server));
        ConnectionsConfig connections = config.connections();
        var upstream = new ProxyOptions.Upstream(connections.idleTimeout(), connections.maxStreams());
        return new ProxyOptions(front, upstream, TlsParts.arrival(server), tls);
    }

    private static ClientLimits limits(ServerConfig server) {
        return new ClientLimits(
                server.maxConnections(),
                server.maxConnectionsPerAddress(),
                server.maxRequestsPerConnection(),
                server.maxConnectionAge(),
                server.maxHeaderFields(),
                server.headerTimeout(),
                server.bodyTimeout(),
                server.writeTimeout());
    }

    private static long maxBufferedBytes(ServerConfig server) {
        long bytes = server.maxBufferedBodies().bytes();
        return bytes == 0 ? ProxyOptions.Front.quarterOfBufferMemory() : bytes;
    }

    /** How many event loops there are: one for each processor, unless the configuration says otherwise. */
    static int loops(ServerConfig server) {
        return server.loops() == 0 ? Runtime.getRuntime().availableProcessors() : server.loops();
    }
}
