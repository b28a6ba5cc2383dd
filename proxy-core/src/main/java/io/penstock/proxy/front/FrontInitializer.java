package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.penstock.proxy.api.ProxyOptions;

/** Sets up a client's channel: the codec, and one handler. Threading: any event loop. */
public final class FrontInitializer extends ChannelInitializer<Channel> {

    private static final int MAX_CONTENT_PIECE_BYTES = 64 << 10;

    private final FrontContext context;
    private final ChannelGroup clients;

    /** Sets up channels that work on {@code context} and are listed in {@code clients}. */
    public FrontInitializer(FrontContext context, ChannelGroup clients) {
        this.context = context;
        this.clients = clients;
    }

    @Override
    protected void initChannel(Channel channel) {
        ProxyOptions.Front options = context.options();
        var config = new HttpDecoderConfig()
                .setMaxInitialLineLength(options.maxRequestLineBytes())
                .setMaxHeaderSize(options.maxHeaderBytes())
                .setMaxChunkSize(MAX_CONTENT_PIECE_BYTES);
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(config),
                        new Http1FrontHandler(context.onLoop(channel.eventLoop()), channel));
        clients.add(channel);
    }
}
