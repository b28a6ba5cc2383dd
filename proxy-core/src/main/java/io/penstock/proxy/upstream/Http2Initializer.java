package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;

/** Sets up the channel of an {@link Http2Connection}. Threading: each instance serves one channel. */
final class Http2Initializer extends ChannelInitializer<Channel> {

    /** Bytes an engine may send on one stream before the router reads them. */
    static final int STREAM_WINDOW = 64 << 10;

    /** Streams whose windows fit in the largest window a connection can have (RFC 9113, section 6.9.1). */
    static final int MAX_STREAMS = Integer.MAX_VALUE / STREAM_WINDOW;

    @Override
    protected void initChannel(Channel channel) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(64 << 10))
                .build();
        codec.gracefulShutdownTimeoutMillis(0);
        channel.pipeline().addLast(codec, new Http2MultiplexHandler(new RefusedPush()));
    }

    /** Engines open no streams: push is off. */
    private static final class RefusedPush extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }
}
