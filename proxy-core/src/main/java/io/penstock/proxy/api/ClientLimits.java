package io.penstock.proxy.api;

import java.time.Duration;

/**
 * What one client, and all of them, may take of the router before a request is routed. Whatever reaches a limit is counted as a
 * {@link ClientLimit}. Threading: immutable.
 *
 * @param maxConnections client connections at once, all together
 * @param maxConnectionsPerAddress client connections at once from one address, or one /64 network of IPv6; 0 for no limit
 * @param maxRequestsPerConnection requests that one connection carries before it is closed in good order; 0 for no limit
 * @param maxConnectionAge a connection older than this is closed in good order, a tenth earlier or later by chance; zero for no
 *     limit
 * @param maxHeaderFields header fields of one request; more are refused with 431
 * @param headerTimeout from the first byte of a request head to its last
 * @param bodyTimeout of silence within a request body, and the grace that its least rate leaves
 * @param writeTimeout in which a client reads nothing of what waits for it
 */
public record ClientLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequestsPerConnection,
        Duration maxConnectionAge,
        int maxHeaderFields,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration writeTimeout) {

    /** The defaults. */
    public static final ClientLimits DEFAULT = new ClientLimits(
            20_000, 0, 0, Duration.ZERO, 128, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(5));
}
