package io.penstock.router.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.proxy.runtime.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The admin port: a small HTTP/1.1 server with an event loop and a worker thread of its own, so that probes are answered
 * while the data plane is busy, and a scrape of the metrics holds up neither. Connections, queue and body size are
 * bounded.
 *
 * <p>Threading: control plane; {@link #bind} and {@link #close} block and are called from one thread.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final int MAX_QUEUED_SLOW_PAGES = 4;
    private static final int IDLE_SECONDS = 75;

    private final List<AdminPage> pages;
    private final EventLoops loops = new EventLoops("penstock-admin", 1);
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_QUEUED_SLOW_PAGES),
            new DefaultThreadFactory("penstock-admin-worker", true));
    private final ChannelGroup connections =
            new DefaultChannelGroup(loops.group().next());
    private @Nullable Channel listener;

    /** Makes a server of these pages; it listens after {@link #bind}. */
    public AdminServer(List<AdminPage> pages) {
        this.pages = List.copyOf(pages);
    }

    /**
     * Starts to listen.
     *
     * @param port the port, or 0 for a free one
     * @throws IOException if the address cannot be taken; the message names it
     */
    public void bind(String host, int port) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "admin port " + host + ":" + port + ": " + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            channel.unsafe().closeForcibly();
            return;
        }
        connections.add(channel);
        addHandlers(channel.pipeline(), pages, worker);
    }

    /** Makes a connection answer {@code pages}. */
    static void addHandlers(ChannelPipeline pipeline, List<AdminPage> pages, Executor worker) {
        pipeline.addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                .addLast(new FlowControlHandler())
                .addLast(new AdminHandler(pages, worker));
    }

    /** The port in use; only after {@link #bind}. */
    public int port() {
        if (listener == null) {
            throw new IllegalStateException("the admin port is not bound yet");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Stops listening and ends its connections and threads; waits up to five seconds. */
    @Override
    public void close() {
        worker.shutdownNow();
        if (listener != null) {
            listener.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
        connections.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        loops.close();
    }
}
