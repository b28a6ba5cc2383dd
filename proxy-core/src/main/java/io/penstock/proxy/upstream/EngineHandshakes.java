package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineTls;
import io.penstock.proxy.api.TlsContexts;
import io.penstock.proxy.http.Networks;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Makes the TLS handlers of connections to engines: the name that is asked for and must be proven, and the protocols that
 * are offered. Threading: immutable.
 *
 * @param contexts whom to believe
 * @param threads runs the arithmetic of handshakes
 */
record EngineHandshakes(TlsContexts contexts, Executor threads) {

    static final String H2 = "h2";
    static final String HTTP_1_1 = "http/1.1";

    /** What the JDK takes for a host name; others, such as those with an underscore, are asked for without SNI. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

    /** The handler of one connection, the first of its channel. */
    SslHandler handler(Endpoint endpoint, Channel channel) {
        EngineTls tls = Objects.requireNonNull(endpoint.tls());
        String name = tls.serverName() == null ? endpoint.host() : tls.serverName();
        SslHandler handler = contexts.engines(tls).newHandler(channel.alloc(), name, endpoint.port(), threads);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(askedFor(name));
        parameters.setEndpointIdentificationAlgorithm(tls.verify() ? "HTTPS" : null);
        parameters.setApplicationProtocols(offered(endpoint.protocol()));
        engine.setSSLParameters(parameters);
        // the deadline of the whole connect covers it
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** An address is no name (RFC 6066, section 3). */
    private static List<SNIServerName> askedFor(String name) {
        boolean asked = NAME.matcher(name).matches() && Networks.address(name) == null;
        return asked ? List.of(new SNIHostName(name)) : List.of();
    }

    private static String[] offered(Endpoint.Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> new String[] {HTTP_1_1};
            case H2C -> new String[] {H2};
            case AUTO -> new String[] {H2, HTTP_1_1};
        };
    }
}
