package io.penstock.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.exchange.BodyMemory;
import io.penstock.proxy.front.Draining;
import io.penstock.proxy.front.FrontContext;
import io.penstock.proxy.front.FrontInitializer;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.HandshakeThreads;
import io.penstock.proxy.runtime.TickWheels;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.upstream.UpstreamPools;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: accepts clients, and sends their requests where the {@link RequestRouter} says. The loops are lent: whoever
 * made them closes them, after this. Threading: life-cycle methods are called by one thread that is no event loop.
 */
public final class ProxyServer implements AutoCloseable {

    /** A client that leaves more than the higher mark unread stops the reads from its engine, until the lower mark. */
    private static final WriteBufferWaterMark UNREAD_BYTES = new WriteBufferWaterMark(32 << 10, 64 << 10);

    private static final int ACCEPT_QUEUE = 4096;

    /** At most 64 KiB each: sixty clients that send a prompt of some megabytes must not hold up everybody's tokens meanwhile. */
    private static final int READS_IN_A_ROW = 1;

    /** For what is written at the very end to reach the clients. */
    private static final int LAST_WORDS_MILLIS = 1_000;

    private final EventLoops loops;
    private final UpstreamPools pools;
    private final FrontInitializer front;
    private final BodyMemory bodies;
    private final HandshakeThreads handshakes = new HandshakeThreads("penstock-tls");
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private @Nullable Channel listener;

    /** Wires the data plane; nothing listens yet. */
    public ProxyServer(ProxyOptions options, EventLoops loops, RequestRouter router, ProxyObserver observer) {
        this(options, loops, router, observer, Ticker.system());
    }

    ProxyServer(ProxyOptions options, EventLoops loops, RequestRouter router, ProxyObserver observer, Ticker ticker) {
        this.loops = loops;
        this.pools = new UpstreamPools(loops, options, handshakes, observer, ticker);
        this.bodies = new BodyMemory(options.front().maxBufferedBytes(), loops::memoryIsShort);
        var wheels = new TickWheels(loops, ticker);
        var context = new FrontContext(router, pools, observer, options.front(), bodies, ticker, wheels);
        this.front = new FrontInitializer(context, clients, options, handshakes);
    }

    /**
     * Begins to accept clients.
     *
     * @param port the port, or 0 for a free one
     * @throws BindException if the address cannot be had
     */
    public void bind(String host, int port) throws BindException {
        var bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_IN_A_ROW))
                .childHandler(front)
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BindException("cannot listen on " + host + ":" + port + ": "
                    + bound.cause().getMessage());
        }
        listener = bound.channel();
    }

    /** The port that is listened on. */
    public int port() {
        if (listener == null) {
            throw new IllegalStateException("not bound");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Bytes of request bodies that are held now, on all loops; callable from any thread. */
    public long bufferedBytes() {
        return bodies.held();
    }

    /** A client for the router's own requests to engines. */
    public EngineClient engineClient() {
        return engineClient(engine -> HeaderEdits.NONE);
    }

    /** As {@link #engineClient()}, with headers that some engines want, such as their key. */
    public EngineClient engineClient(Function<Endpoint, HeaderEdits> edits) {
        return new PooledEngineClient(loops, pools, edits);
    }

    /**
     * Accepts no more clients, closes idle connections, and waits until running responses are complete.
     *
     * @return true if all were complete within {@code timeout}
     */
    public boolean drain(Duration timeout) {
        stopAccepting();
        tellClients(Draining.BEGINS);
        return clients.newCloseFuture().awaitUninterruptibly(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tellClients(Draining stage) {
        front.drain();
        clients.forEach(client -> client.pipeline().fireUserEventTriggered(stage));
    }

    private void stopAccepting() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
    }

    /**
     * Ends everything now: requests without an answer get 503, event streams an error event before they are cut, and engines
     * are cancelled.
     */
    @Override
    public void close() {
        stopAccepting();
        tellClients(Draining.ENDS);
        clients.newCloseFuture().awaitUninterruptibly(LAST_WORDS_MILLIS);
        clients.close().awaitUninterruptibly();
        pools.close();
        handshakes.close();
    }
}
