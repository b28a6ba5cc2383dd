package io.penstock.proxy.api;

import java.time.Duration;

/**
 * A route's time limits towards its engines. Threading: immutable.
 *
 * @param connect to a connection that takes requests, name resolution included
 * @param firstToken from the request's last byte to the first byte of the response's body
 * @param betweenTokens of silence within a response body, and only while the client reads
 */
public record RouteTimeouts(Duration connect, Duration firstToken, Duration betweenTokens) {}
