package io.penstock.router.simulate;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A vLLM-like engine on a real socket, without a GPU: its wire behaviour is that of vLLM's Python server, its text is
 * fixed by {@link SimulatedText}, its time by {@link TimeModel}, and it breaks on request ({@code x-sim-fault}, see
 * {@link Fault}). Used by {@code penstock simulate}, {@code penstock demo}, tests and benchmarks.
 *
 * <p>Threading: one engine lives on one event loop; the methods here may be called from any thread but that loop. Those
 * that change the engine return when the change is made.
 */
public final class SimulatedEngine implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final int SELECT_WAIT_MILLIS = 5;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16 << 10, 32 << 10);

    private final SimulatedEngineOptions options;
    private final EventLoops loops;
    private final @Nullable EventLoops ownLoops;
    private final EventLoop loop;
    private final EngineAssembly assembly;
    private final ChannelGroup connections;
    private final InetSocketAddress address;
    private volatile Channel listening;

    private SimulatedEngine(
            SimulatedEngineOptions options, EventLoops loops, @Nullable EventLoops ownLoops, InetSocketAddress at) {
        this.options = options;
        this.loops = loops;
        this.ownLoops = ownLoops;
        this.loop = loops.group().next();
        this.assembly = new EngineAssembly(options, loop, Ticker.system());
        this.connections = new DefaultChannelGroup("simulated-engine", loop);
        this.listening = listen(at);
        this.address = (InetSocketAddress) listening.localAddress();
    }

    /** Starts an engine on a loop of its own and a free port of 127.0.0.1. */
    public static SimulatedEngine start(SimulatedEngineOptions options) {
        EventLoops own = new EventLoops("simulated-engine", 1);
        try {
            return new SimulatedEngine(options, own, own, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /**
     * Starts an engine on one of {@code loops}, which stay open when it closes.
     *
     * @param at where to listen; port 0 takes a free one
     */
    public static SimulatedEngine start(SimulatedEngineOptions options, EventLoops loops, InetSocketAddress at) {
        return new SimulatedEngine(options, loops, null, at);
    }

    private Channel listen(InetSocketAddress at) {
        EnginePipeline pipeline = new EnginePipeline(options.protocols(), options.keepAlive(), assembly::front);
        return new ServerBootstrap()
                .group(loop, loop)
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        count(connection);
                        connection.pipeline().addLast(pipeline);
                    }
                })
                .bind(at)
                .syncUninterruptibly()
                .channel();
    }

    private void count(Channel connection) {
        EngineCounters counters = assembly.counters();
        counters.connectionsOpened.increment();
        connection.closeFuture().addListener(closed -> counters.connectionsClosed.increment());
        connections.add(connection);
    }

    /** The port it listens on, or listened on last. */
    public int port() {
        return address.getPort();
    }

    /** Its base URL, without a slash at the end. */
    public String url() {
        return "http://" + address.getAddress().getHostAddress() + ":" + port();
    }

    /** What it is like. */
    public SimulatedEngineOptions options() {
        return options;
    }

    /** What it did. */
    public EngineCounters counters() {
        return assembly.counters();
    }

    /** The latest requests, oldest first, as many as the options keep. */
    public List<ReceivedRequest> received() {
        return assembly.switches().received();
    }

    /** Whether {@code /health} answers 200 or 503. */
    public void healthy(boolean up) {
        assembly.switches().healthy(up);
    }

    /**
     * Lets the next {@code requests} POST requests that bring no fault of their own meet {@code fault}; see
     * {@link Fault} for its words. Replaces what was planned before.
     *
     * @throws IllegalArgumentException if {@code fault} has an unknown word
     */
    public void failNext(int requests, String fault) {
        assembly.switches().plan(Fault.parse(fault), requests);
    }

    /** Stops generating: requests are accepted and queued, and nobody gets a token. */
    public void pause() {
        onLoop(() -> assembly.scheduler().paused(true));
    }

    /** Goes on generating. */
    public void resume() {
        onLoop(() -> assembly.scheduler().paused(false));
    }

    /** Refuses new connections by listening no more; open ones stay. */
    public void refuseConnections() {
        listening.close().syncUninterruptibly();
        // the kernel goes on listening until the loop's next select drops the cancelled key
        loop.schedule(() -> {}, SELECT_WAIT_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    /** Listens again on the same port. */
    public void acceptConnections() {
        if (!listening.isOpen()) {
            listening = listen(address);
        }
    }

    /** Closes every open connection at once, in the midst of what it carries. */
    public void dropConnections() {
        connections.close().syncUninterruptibly();
    }

    /** Dies as a process does: listens no more and drops every connection. */
    public void kill() {
        refuseConnections();
        dropConnections();
    }

    private void onLoop(Runnable change) {
        loop.submit(change).syncUninterruptibly();
    }

    /** Stops listening, drops every connection, and stops the loop if it is the engine's own. */
    @Override
    public void close() {
        kill();
        if (ownLoops != null) {
            ownLoops.close();
        }
    }
}
