package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.ImmediateExecutor;
import io.penstock.proxy.api.ProxyOptions;
import java.util.concurrent.Executor;

/** Sets up a client's channel: for HTTP/1.1, unless it turns out to speak HTTP/2. Threading: any event loop. */
public final class FrontInitializer extends ChannelInitializer<Channel> {

    private static final int MAX_CONTENT_PIECE_BYTES = 64 << 10;

    private final FrontContext context;
    private final ChannelGroup clients;
    private final DefectLog defects;
    private final Arrivals arrivals;
    private volatile boolean draining;

    /** Sets up channels that work on {@code context} and are listed in {@code clients}. */
    public FrontInitializer(FrontContext context, ChannelGroup clients) {
        this(context, clients, ProxyOptions.DEFAULT, ImmediateExecutor.INSTANCE);
    }

    /**
     * Sets up channels that work on {@code context} and are listed in {@code clients}.
     *
     * @param options how clients arrive, and TLS
     * @param handshakes runs the arithmetic of TLS handshakes
     */
    public FrontInitializer(FrontContext context, ChannelGroup clients, ProxyOptions options, Executor handshakes) {
        this.context = context;
        this.clients = clients;
        this.defects = new DefectLog(context.ticker());
        this.arrivals = new Arrivals(options, handshakes, context.observer(), this::serve);
    }

    /** Every channel set up from now on closes with its first response, or at once. Callable from any thread. */
    public void drain() {
        draining = true;
    }

    @Override
    protected void initChannel(Channel channel) {
        arrivals.begin(channel);
        clients.add(channel);
    }

    /** Sets up HTTP on a channel whose client is known and whose TLS, if any, is established. */
    private void serve(Channel channel, String protocol) {
        if (protocol.equals(Arrivals.H2)) {
            Http2Front.install(channel.pipeline(), context);
        } else {
            serveHttp1(channel);
        }
        if (draining) {
            // accepted before the listener closed, ready after the others were told
            channel.pipeline().fireUserEventTriggered(Draining.BEGINS);
        }
    }

    private void serveHttp1(Channel channel) {
        if (!Arrivals.originOf(channel).secure()) {
            // over TLS, HTTP/2 is agreed on by ALPN only (RFC 9113, section 3.2)
            channel.pipeline().addLast(new ProtocolDetector(context));
        }
        ProxyOptions.Front options = context.options();
        var config = new HttpDecoderConfig()
                .setMaxInitialLineLength(options.maxRequestLineBytes())
                .setMaxHeaderSize(options.maxHeaderBytes())
                .setMaxChunkSize(MAX_CONTENT_PIECE_BYTES);
        var pipelined = new PipelinedObjects(channel);
        channel.pipeline()
                .addLast(
                        new RequestDecoder(config, pipelined),
                        new ResponseEncoder(),
                        new Http1FrontHandler(context.onLoop(channel.eventLoop()), channel, pipelined, defects));
    }
}
