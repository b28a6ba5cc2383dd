package io.penstock.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateExecutor;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.TlsContexts;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.proxy.runtime.Ticker;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to engines, on the loop of the pool that asks, and resolves names without blocking it. Threading: any
 * event loop.
 */
final class Connector implements AutoCloseable {

    private static final EngineHandshakes CLEAR_TEXT =
            new EngineHandshakes(TlsContexts.NONE, ImmediateExecutor.INSTANCE);

    private final EventLoops loops;
    private final ProxyObserver observer;
    private final EngineNames names;
    private final EngineHandshakes handshakes;
    private final HandshakeFault faults = new HandshakeFault();
    private final LearnedProtocols protocols = new LearnedProtocols();

    /** For clear text; the name servers are read once. */
    Connector(EventLoops loops, ProxyObserver observer) {
        this(
                loops,
                observer,
                new EngineNames(loops, new SystemNameServers(SystemNameServers.FILE), again -> {}, Ticker.system()));
    }

    Connector(EventLoops loops, ProxyObserver observer, EngineNames names) {
        this(loops, observer, names, CLEAR_TEXT);
    }

    Connector(EventLoops loops, ProxyObserver observer, EngineNames names, EngineHandshakes handshakes) {
        this.loops = loops;
        this.observer = observer;
        this.names = names;
        this.handshakes = handshakes;
    }

    ProxyObserver observer() {
        return observer;
    }

    /** True when each request to this engine is known to need a connection of its own. */
    boolean isExclusive(Endpoint endpoint) {
        return protocols.of(endpoint) == Protocol.HTTP1;
    }

    /** What was learned of this engine may no longer hold: the next connection finds out anew. */
    void forget(Endpoint endpoint) {
        protocols.forget(endpoint);
    }

    /** Opens one connection and tells the pool, exactly once and in time, whether it worked. */
    void connect(EnginePool pool, Duration timeout) {
        if (pool.endpoint().tls() != null) {
            new Connecting(pool, timeout).tls();
        } else if (protocols.of(pool.endpoint()) == Protocol.HTTP1) {
            new Connecting(pool, timeout).http1();
        } else {
            new Connecting(pool, timeout).http2();
        }
    }

    @Override
    public void close() {
        names.close();
    }

    /** One connection under way: name resolution, connects and finding out the protocol share one deadline. */
    private final class Connecting {

        private final EnginePool pool;
        private final Duration timeout;
        private final long sinceNanos;
        private final Future<?> deadline;

        private @Nullable Channel channel;
        private @Nullable Future<Http2Connection> starting;
        private boolean over;

        Connecting(EnginePool pool, Duration timeout) {
            this.pool = pool;
            this.timeout = timeout;
            this.sinceNanos = pool.nanos();
            long millis = Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
            this.deadline = pool.loop().schedule(this::tooLate, millis, TimeUnit.MILLISECONDS);
        }

        private void tooLate() {
            failed(new ConnectTimeoutException("no connection within " + timeout.toMillis() + " ms"));
            if (starting != null) {
                starting.cancel(false);
            }
            if (channel != null) {
                channel.close();
            }
        }

        void http1() {
            open(new Http1Initializer()).addListener((ChannelFuture opened) -> {
                if (opened.isSuccess()) {
                    speakHttp1(opened.channel());
                } else {
                    failed(opened.cause());
                }
            });
        }

        void http2() {
            open(new Http2Initializer()).addListener((ChannelFuture opened) -> {
                if (opened.isSuccess()) {
                    speakHttp2(opened.channel());
                } else {
                    failed(opened.cause());
                }
            });
        }

        void tls() {
            open(new TlsInitializer(handshakes, pool.endpoint())).addListener((ChannelFuture opened) -> {
                if (opened.isSuccess()) {
                    var tls = opened.channel().pipeline().get(SslHandler.class);
                    tls.handshakeFuture().addListener(done -> handshakeEnded(opened.channel(), done));
                } else {
                    failed(opened.cause());
                }
            });
        }

        private void handshakeEnded(Channel opened, Future<?> handshake) {
            if (!handshake.isSuccess()) {
                failed(handshake.cause());
                opened.close();
                return;
            }
            boolean http2 = TlsInitializer.complete(opened);
            if (http2) {
                speakHttp2(opened);
            } else if (pool.endpoint().protocol() == Protocol.H2C) {
                failed(new SSLException("it does not offer HTTP/2 by ALPN"));
                opened.close();
            } else {
                speakHttp1(opened);
            }
        }

        private void speakHttp1(Channel opened) {
            var decoder = opened.pipeline().get(EngineResponseDecoder.class);
            var connection = new Http1Connection(opened, decoder, pool);
            opened.pipeline().addLast(connection);
            succeeded(connection, Protocol.HTTP1);
        }

        private void speakHttp2(Channel opened) {
            starting = Http2Connection.start(opened, pool, settingsTimeout());
            starting.addListener(started -> {
                if (started.isSuccess()) {
                    succeeded((Http2Connection) started.getNow(), Protocol.H2C);
                } else {
                    notHttp2(started.cause());
                }
            });
        }

        private ChannelFuture open(ChannelInitializer<Channel> initializer) {
            ChannelFuture opened = new Bootstrap()
                    .group(pool.loop())
                    .channel(loops.clientChannel())
                    .resolver(names.resolver())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, loops.allocator())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                    .handler(initializer)
                    .connect(InetSocketAddress.createUnresolved(
                            pool.endpoint().host(), pool.endpoint().port()));
            channel = opened.channel();
            return opened;
        }

        /** An engine that may speak HTTP/1.1 only must leave time to find that out. */
        private Duration settingsTimeout() {
            boolean unknown = pool.endpoint().protocol() == Protocol.AUTO
                    && pool.endpoint().tls() == null;
            return unknown ? timeout.dividedBy(2) : timeout;
        }

        /** True the first time: from then on nothing more is told to the pool. */
        private boolean ends() {
            boolean first = !over;
            over = true;
            deadline.cancel(false);
            return first;
        }

        private void succeeded(UpstreamConnection connection, Protocol protocol) {
            if (!ends()) {
                return;
            }
            protocols.learn(pool.endpoint(), protocol);
            faults.over(pool.endpoint());
            observer.upstreamConnected(pool.endpoint(), protocol, pool.nanos() - sinceNanos);
            observer.upstreamIdle(pool.endpoint());
            pool.connected(connection, timeout);
        }

        private void notHttp2(Throwable cause) {
            if (over) {
                return;
            }
            if (pool.endpoint().tls() != null || pool.endpoint().protocol() == Protocol.H2C) {
                failed(cause);
            } else {
                protocols.learn(pool.endpoint(), Protocol.HTTP1);
                http1();
            }
        }

        private void failed(Throwable cause) {
            if (!ends()) {
                return;
            }
            ProxyFailure failure = faults.logged(pool.endpoint(), cause)
                    ? notSent(FailureKind.CONNECT_FAILED, "the TLS handshake with the engine failed", cause)
                    : failureOf(cause);
            observer.upstreamConnectFailed(pool.endpoint(), failure.kind());
            pool.connectFailed(failure);
        }
    }

    private ProxyFailure failureOf(Throwable cause) {
        if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
            return notSent(FailureKind.CONNECT_TIMEOUT, "the engine accepted no connection in time", cause);
        }
        if (cause instanceof UnknownHostException) {
            return notSent(FailureKind.CONNECT_FAILED, "the engine has " + names.notFound(), cause);
        }
        return notSent(FailureKind.CONNECT_FAILED, "the engine refused the connection", cause);
    }

    private static ProxyFailure notSent(FailureKind kind, String text, Throwable cause) {
        return ProxyFailure.of(kind, text, ReplaySafety.NOT_SENT, cause);
    }
}
