package io.penstock.proxy.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.Version;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops and the transport they run on. The native epoll transport is taken only when its library has exactly
 * the version of Netty itself: a library of another version accepts connections but fails every outbound one.
 *
 * <p>Threading: immutable; {@link #close()} may be called from any thread.
 */
public final class EventLoops implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventLoops.class);

    private final MultiThreadIoEventLoopGroup group;
    private final boolean epoll;
    private final SpareBuffers buffers;

    /** Starts {@code threads} loops named {@code name}-1 and up. */
    public EventLoops(String name, int threads) {
        this(name, threads, ByteBufAllocator.DEFAULT);
    }

    /** As {@link #EventLoops(String, int)}, with buffers from {@code allocator}. */
    public EventLoops(String name, int threads, ByteBufAllocator allocator) {
        readSocketSettings();
        this.buffers = new SpareBuffers(allocator);
        this.epoll = nativeEpollIsUsable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    }

    /** The JDK reads a file of settings for its first socket: now, as a loop must not wait for it. */
    private static void readSocketSettings() {
        try {
            new Socket().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean nativeEpollIsUsable() {
        var versions = Version.identify();
        Version library = versions.get("netty-transport-native-epoll");
        Version netty = versions.get("netty-common");
        if (library == null || netty == null) {
            return false;
        }
        if (!Objects.equals(library.artifactVersion(), netty.artifactVersion())) {
            log.warn(
                    "native epoll library is {}, Netty is {}: using NIO",
                    library.artifactVersion(),
                    netty.artifactVersion());
            return false;
        }
        return Epoll.isAvailable();
    }

    /** The loops. */
    public MultiThreadIoEventLoopGroup group() {
        return group;
    }

    /** How many loops there are. */
    public int size() {
        return group.executorCount();
    }

    /** The transport's name, for the start-up log. */
    public String transport() {
        return epoll ? "epoll" : "nio";
    }

    /** Where the channels' buffers come from; the native transport takes no others than the default ones. */
    public ByteBufAllocator allocator() {
        return epoll ? ByteBufAllocator.DEFAULT : buffers;
    }

    /** True while there is no memory for buffers. */
    public boolean memoryIsShort() {
        return buffers.isShort();
    }

    /** The channel type that listens. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The channel type that connects. */
    public Class<? extends SocketChannel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The channel type of the name resolver. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    /** Stops the loops and waits up to five seconds for them. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
