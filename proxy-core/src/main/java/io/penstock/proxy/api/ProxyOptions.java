package io.penstock.proxy.api;

import io.netty.util.internal.PlatformDependent;
import io.penstock.proxy.http.Networks;
import java.time.Duration;

/**
 * The data plane's own settings, bound once. Threading: immutable.
 *
 * @param front towards clients
 * @param upstream towards engines
 * @param arrival of a client's connection, before its first request
 * @param tls certificates and trust, towards both
 */
public record ProxyOptions(Front front, Upstream upstream, Arrival arrival, TlsContexts tls) {

    /** The defaults of every option. */
    public static final ProxyOptions DEFAULT = new ProxyOptions(Front.DEFAULT, Upstream.DEFAULT);

    /** Clear text on both sides, and no proxy in front. */
    public ProxyOptions(Front front, Upstream upstream) {
        this(front, upstream, Arrival.DEFAULT, TlsContexts.NONE);
    }

    /**
     * Settings towards clients.
     *
     * @param maxBodyBytes a larger request body is refused with 413
     * @param maxBufferedBytes request bodies take no more memory than this, all of them together; what goes beyond is
     *     refused with 503
     * @param maxHeaderBytes a larger header section is refused with 431
     * @param maxRequestLineBytes a longer request line is refused with 414
     * @param idleTimeout a keep-alive connection without a request is closed after this
     * @param maxStreams how many requests may run on one HTTP/2 connection at once
     * @param debugHeaders adds {@code x-penstock-engine} to responses
     */
    public record Front(
            int maxBodyBytes,
            long maxBufferedBytes,
            int maxHeaderBytes,
            int maxRequestLineBytes,
            Duration idleTimeout,
            int maxStreams,
            boolean debugHeaders) {

        /** The defaults. */
        public static final Front DEFAULT =
                new Front(64 << 20, quarterOfBufferMemory(), 64 << 10, 8 << 10, Duration.ofSeconds(75), 128, false);

        /** A quarter of the memory that the JVM lets buffers take: {@code -XX:MaxDirectMemorySize}, or the largest heap. */
        public static long quarterOfBufferMemory() {
            return PlatformDependent.maxDirectMemory() / 4;
        }
    }

    /**
     * Settings towards engines.
     *
     * @param idleTimeout an idle pooled connection is closed after this; below the engines' 5 s keep-alive
     * @param maxStreamsPerConnection how many requests share one HTTP/2 connection at most, within the peer's limit
     */
    public record Upstream(Duration idleTimeout, int maxStreamsPerConnection) {

        /** The defaults. */
        public static final Upstream DEFAULT = new Upstream(Duration.ofSeconds(3), 128);
    }

    /**
     * What stands between a client's connection and its first request.
     *
     * @param proxyProtocol true if every connection begins with a header of the PROXY protocol; others are closed
     * @param proxyHeaderTimeout a connection whose header is not complete by then is closed
     * @param handshakeTimeout a connection whose TLS handshake is not complete by then is closed
     * @param trustedProxies the networks whose forwarded headers are believed
     */
    public record Arrival(
            boolean proxyProtocol, Duration proxyHeaderTimeout, Duration handshakeTimeout, Networks trustedProxies) {

        /** The defaults. */
        public static final Arrival DEFAULT =
                new Arrival(false, Duration.ofSeconds(5), Duration.ofSeconds(10), Networks.NONE);
    }
}
