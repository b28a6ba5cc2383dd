package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.penstock.proxy.api.ClientLimit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns away connections beyond the limits: the first of them with an answer, and when too many wait for theirs the rest by a
 * reset. Threading: counter; any event loop.
 */
final class Refusals {

    /** Answers take a socket for a second or so, which those that are served must not want for. */
    static final int ANSWERED_AT_ONCE = 256;

    private final FrontContext context;
    private final ChannelGroup clients;
    private final AtomicInteger answering = new AtomicInteger();

    Refusals(FrontContext context, ChannelGroup clients) {
        this.context = context;
        this.clients = clients;
    }

    /** Turns a connection away that just came. */
    void refuse(Channel channel, ClientLimit limit) {
        context.observer().clientLimited(limit);
        if (answering.incrementAndGet() > ANSWERED_AT_ONCE) {
            answering.decrementAndGet();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> answering.decrementAndGet());
        clients.add(channel);
        var end = new ConnectionEnd(channel, context.options().idleTimeout(), context.ticker());
        channel.pipeline().addLast(new ResponseEncoder(), new RefusedClient(limit, end));
    }
}
