package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.penstock.proxy.api.Endpoint;

/**
 * Sets up the channel of a connection over TLS, as far as is known before the handshake tells which HTTP version is spoken.
 * Threading: each instance serves one channel.
 */
final class TlsInitializer extends ChannelInitializer<Channel> {

    private final EngineHandshakes handshakes;
    private final Endpoint endpoint;

    TlsInitializer(EngineHandshakes handshakes, Endpoint endpoint) {
        this.handshakes = handshakes;
        this.endpoint = endpoint;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(handshakes.handler(endpoint, channel), new Shaking());
    }

    /** The handshake is complete: sets up what was agreed on, and returns true if that is HTTP/2. */
    static boolean complete(Channel channel) {
        var engine = channel.pipeline().get(SslHandler.class).engine();
        boolean http2 = engine.getApplicationProtocol().equals(EngineHandshakes.H2);
        channel.pipeline().remove(Shaking.class);
        channel.pipeline().addLast(http2 ? new Http2Initializer() : new Http1Initializer());
        channel.flush();
        return http2;
    }

    /** The last handler while a handshake is under way: what goes wrong then is told by its future. */
    private static final class Shaking extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
