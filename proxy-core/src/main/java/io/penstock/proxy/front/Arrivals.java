package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.penstock.proxy.api.ConnectionRefusal;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.TlsContexts;
import io.penstock.proxy.http.ClientOrigin;
import io.penstock.proxy.http.Networks;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client's connection goes through before HTTP: the header of the PROXY protocol, then the TLS handshake, each only
 * where it is switched on. A connection that needs neither is served at once, with no handler of this. Whoever fails is
 * closed without an answer, told to the observer, and logged at debug: the port may be open to the whole internet.
 *
 * <p>Threading: any event loop.
 */
final class Arrivals {

    /** The name of HTTP/2 over TLS in ALPN. */
    static final String H2 = "h2";

    /** What is offered by ALPN (RFC 7301), the best first; {@link FrontInitializer} serves whatever stands here. */
    private static final List<String> PROTOCOLS = List.of(H2, "http/1.1");

    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);
    private static final AttributeKey<ClientOrigin> ORIGIN = AttributeKey.valueOf("penstock.origin");
    private static final int MAX_TLV_BYTES = 4096;

    private final ProxyOptions.Arrival options;
    private final TlsContexts tls;
    private final Executor handshakes;
    private final ProxyObserver observer;
    private final BiConsumer<Channel, String> ready;

    /**
     * Makes the way in.
     *
     * @param handshakes runs the arithmetic of handshakes
     * @param ready sets up a channel for the protocol that ALPN chose; {@code ""} where none was chosen
     */
    Arrivals(ProxyOptions options, Executor handshakes, ProxyObserver observer, BiConsumer<Channel, String> ready) {
        this.options = options.arrival();
        this.tls = options.tls();
        this.handshakes = handshakes;
        this.observer = observer;
        this.ready = ready;
    }

    /** Who is at the other end of a client's channel; for an HTTP/2 stream ask its parent. */
    static ClientOrigin originOf(Channel channel) {
        ClientOrigin origin = channel.attr(ORIGIN).get();
        return origin == null ? new ClientOrigin(channel.remoteAddress(), false, Networks.NONE) : origin;
    }

    /** Takes a new channel in. */
    void begin(Channel channel) {
        channel.attr(ORIGIN).set(new ClientOrigin(channel.remoteAddress(), false, options.trustedProxies()));
        if (options.proxyProtocol()) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(MAX_TLV_BYTES), new ProxyHeaderHandler(this));
        } else {
            greeted(channel);
        }
    }

    /** The header of the PROXY protocol is read, or there is none: the channel's origin is final, but for TLS. */
    void greeted(Channel channel) {
        SslContext context = tls.clients();
        if (context == null) {
            ready.accept(channel, "");
        } else {
            channel.pipeline().addLast(handler(context, channel), new HandshakeHandler(this));
        }
    }

    private SslHandler handler(SslContext context, Channel channel) {
        SslHandler handler = context.newHandler(channel.alloc(), handshakes);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(PROTOCOLS.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(options.handshakeTimeout().toMillis());
        return handler;
    }

    /** The TLS handshake is complete. */
    void secured(Channel channel, String protocol) {
        channel.attr(ORIGIN).set(originOf(channel).secured());
        ready.accept(channel, protocol);
    }

    /** The connection was made on behalf of another address. */
    void announced(Channel channel, SocketAddress client) {
        channel.attr(ORIGIN).set(originOf(channel).onBehalfOf(client));
    }

    /** Closes the channel and tells why. */
    void refuse(Channel channel, ConnectionRefusal why, Throwable cause) {
        log.debug("client {} refused: {}: {}", originOf(channel).address(), why.label(), String.valueOf(cause));
        observer.clientRefused(why);
        channel.close();
    }

    ProxyOptions.Arrival options() {
        return options;
    }
}
