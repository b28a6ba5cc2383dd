package io.penstock.proxy.api;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What a router changes in a header section that the proxy has made up: names it takes out and fields it sets. Applied
 * last, so that it has the final word. Threading: called on event loops; implementations are immutable or loop-confined.
 */
@FunctionalInterface
public interface HeaderEdits {

    /** Leaves everything as it is. */
    HeaderEdits NONE = headers -> {};

    /**
     * Changes the headers in place. Must leave {@code host}, {@code content-length} and {@code transfer-encoding} alone,
     * which say where a message goes and where it ends, and must not block or throw.
     */
    void apply(HttpHeaders headers);
}
