package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import io.penstock.proxy.api.ClientLimit;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which connections are served: all of them are counted when they are accepted, and each address's when the address is known. The
 * others are turned away, the first with an answer when it can be read, and when too many wait for theirs the rest by a reset.
 * Threading: counter; any event loop.
 */
final class Admission {

    /** Answers take a socket for a second or so, which those that are served must not want for. */
    static final int ANSWERED_AT_ONCE = 256;

    private static final AttributeKey<ClientLimit> REFUSED = AttributeKey.valueOf("penstock.refused");

    private final FrontContext context;
    private final ClientConnections connections;
    private final AtomicInteger answering = new AtomicInteger();

    Admission(FrontContext context) {
        this.context = context;
        this.connections = new ClientConnections(context.options().limits());
    }

    /** A connection was accepted; false if it is reset. */
    boolean accepts(Channel channel) {
        if (!connections.open()) {
            return refuse(channel, ClientLimit.CONNECTIONS);
        }
        channel.closeFuture().addListener(closed -> connections.closed());
        return true;
    }

    /** The client of a connection is known, and its first request would be next; false if it is refused. */
    boolean serves(Channel channel) {
        ClientLimit limit = channel.attr(REFUSED).get();
        SocketAddress client = Arrivals.originOf(channel).address();
        if (limit == null && connections.openOf(client)) {
            channel.closeFuture().addListener(closed -> connections.closedOf(client));
            return true;
        }
        if (limit != null || refuse(channel, ClientLimit.CONNECTIONS_PER_ADDRESS)) {
            answer(channel, limit == null ? ClientLimit.CONNECTIONS_PER_ADDRESS : limit);
        }
        return false;
    }

    /** Marks a connection as one to be refused, or resets it at once. */
    private boolean refuse(Channel channel, ClientLimit limit) {
        context.observer().clientLimited(limit);
        if (answering.incrementAndGet() > ANSWERED_AT_ONCE) {
            answering.decrementAndGet();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return false;
        }
        channel.attr(REFUSED).set(limit);
        channel.closeFuture().addListener(closed -> answering.decrementAndGet());
        return true;
    }

    private void answer(Channel channel, ClientLimit limit) {
        var end = new ConnectionEnd(channel, context.options().idleTimeout(), context.ticker());
        channel.pipeline().addLast(new ResponseEncoder(), new RefusedClient(limit, end));
    }
}
