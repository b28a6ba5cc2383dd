package io.penstock.proxy.testkit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.runtime.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A scripted HTTP/2 engine over clear text, by prior knowledge. Each stream's script has a thread of its own. Threading:
 * any thread.
 */
public final class FakeH2Engine implements ScriptedEngine {

    private final EventLoops loops = new EventLoops("fake-h2-engine", 1);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Playbook<Http2Turn> playbook = new Playbook<>();
    private final EngineJournal journal = new EngineJournal();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Channel server;
    private volatile boolean readsBodies = true;

    private FakeH2Engine(int port, Http2Settings settings, @Nullable SSLContext tls) {
        this.server = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(new SslHandler(engine(tls)));
                        }
                        connect(channel, settings);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    /** Starts on a free port with Netty's default settings. */
    public static FakeH2Engine start() {
        return start(Http2Settings.defaultSettings());
    }

    /** Starts on a free port, announcing these settings (largest number of streams, initial window). */
    public static FakeH2Engine start(Http2Settings settings) {
        return new FakeH2Engine(0, settings, null);
    }

    /** Starts on a given port, where an engine of another kind was before. */
    public static FakeH2Engine startOn(int port) {
        return new FakeH2Engine(port, Http2Settings.defaultSettings(), null);
    }

    /** Starts on a free port and speaks TLS, offering {@code h2} by ALPN. */
    public static FakeH2Engine startTls(SSLContext context) {
        return new FakeH2Engine(0, Http2Settings.defaultSettings(), context);
    }

    private static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public FakeH2Engine answering(Script<? super Turn> script) {
        playbook.always(script);
        return this;
    }

    @Override
    public FakeH2Engine next(Script<? super Turn> script) {
        playbook.next(script);
        return this;
    }

    /** As {@link #answering}, for scripts that speak HTTP/2 only. */
    public FakeH2Engine answeringH2(Script<? super Http2Turn> script) {
        playbook.always(script);
        return this;
    }

    /** As {@link #next}, for scripts that speak HTTP/2 only. */
    public FakeH2Engine nextH2(Script<? super Http2Turn> script) {
        playbook.next(script);
        return this;
    }

    @Override
    public FakeH2Engine serving(List<String> models) {
        playbook.models(models);
        return this;
    }

    @Override
    public FakeH2Engine healthy(boolean healthy) {
        playbook.healthy(healthy);
        return this;
    }

    /** Whether it reads the bodies of requests that come from now on; without, their windows stay closed. */
    public FakeH2Engine readingBodies(boolean reads) {
        readsBodies = reads;
        return this;
    }

    @Override
    public EngineJournal journal() {
        return journal;
    }

    @Override
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Every TCP connection it accepted, those that carried only probes included. */
    public int connectionsAccepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        connections.close().syncUninterruptibly();
        loops.close();
    }

    private void connect(SocketChannel channel, Http2Settings settings) {
        accepted.incrementAndGet();
        connections.add(channel);
        Http2Connection connection = new Http2Connection(journal, playbook, numbers);
        channel.closeFuture().addListener(closed -> connection.closed());
        channel.pipeline()
                .addLast(Http2FrameCodecBuilder.forServer()
                        .initialSettings(settings)
                        .build())
                .addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.config().setAutoRead(readsBodies);
                        stream.pipeline().addLast(new Http2StreamHandler(connection));
                    }
                }));
    }
}
