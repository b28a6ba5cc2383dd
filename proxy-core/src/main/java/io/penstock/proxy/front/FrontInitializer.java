package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.penstock.proxy.api.ProxyOptions;

/** Sets up a client's channel: for HTTP/1.1, unless it turns out to speak HTTP/2. Threading: any event loop. */
public final class FrontInitializer extends ChannelInitializer<Channel> {

    private static final int MAX_CONTENT_PIECE_BYTES = 64 << 10;

    private final FrontContext context;
    private final ChannelGroup clients;
    private final DefectLog defects;
    private volatile boolean draining;

    /** Sets up channels that work on {@code context} and are listed in {@code clients}. */
    public FrontInitializer(FrontContext context, ChannelGroup clients) {
        this.context = context;
        this.clients = clients;
        this.defects = new DefectLog(context.ticker());
    }

    /** Every channel set up from now on closes with its first response, or at once. Callable from any thread. */
    public void drain() {
        draining = true;
    }

    @Override
    protected void initChannel(Channel channel) {
        ProxyOptions.Front options = context.options();
        var config = new HttpDecoderConfig()
                .setMaxInitialLineLength(options.maxRequestLineBytes())
                .setMaxHeaderSize(options.maxHeaderBytes())
                .setMaxChunkSize(MAX_CONTENT_PIECE_BYTES);
        var pipelined = new PipelinedObjects(channel);
        channel.pipeline()
                .addLast(
                        new ProtocolDetector(context),
                        new RequestDecoder(config, pipelined),
                        new ResponseEncoder(),
                        new Http1FrontHandler(context.onLoop(channel.eventLoop()), channel, pipelined, defects));
        clients.add(channel);
        if (draining) {
            // accepted before the listener closed, registered after the others were told
            channel.pipeline().fireUserEventTriggered(Draining.BEGINS);
        }
    }
}
