package io.penstock.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestEncoder;

/** Sets up the channel of an {@link Http1Connection}. Threading: each instance serves one channel. */
final class Http1Initializer extends ChannelInitializer<Channel> {

    static final int MAX_RESPONSE_HEADER_BYTES = 64 << 10;
    private static final int MAX_CONTENT_PIECE_BYTES = 64 << 10;

    @Override
    protected void initChannel(Channel channel) {
        var config = new HttpDecoderConfig()
                .setMaxHeaderSize(MAX_RESPONSE_HEADER_BYTES)
                .setMaxChunkSize(MAX_CONTENT_PIECE_BYTES);
        channel.pipeline().addLast(new HttpRequestEncoder(), new EngineResponseDecoder(config));
    }
}
