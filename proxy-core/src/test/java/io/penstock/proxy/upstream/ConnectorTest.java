package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.ManualTicker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a connection may take. */
final class ConnectorTest {

    @Test
    void aNameThatIsNeverResolvedFailsTheRequestInTime() throws Exception {
        var loops = new EventLoops("connector-test", 1);
        try (var connector = new Connector(loops, new ProxyObserver() {}, new SilentResolvers())) {
            var loop = (EventLoop) loops.group().next();
            var engine = new Endpoint("engine.invalid", 8000, Protocol.AUTO);
            var pool = new EnginePool(loop, engine, connector, ProxyOptions.Upstream.DEFAULT, new ManualTicker());
            var sink = new HeardSink();
            loop.execute(() -> pool.send(request(), Duration.ofMillis(20), sink));
            assertThat(sink.failure
                            .get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .kind())
                    .isEqualTo(FailureKind.CONNECT_TIMEOUT);
            assertThat(loop.submit(pool::isEmpty).get()).isTrue();
        } finally {
            loops.close();
        }
    }

    private static UpstreamRequest request() {
        return new UpstreamRequest(HttpMethod.GET, "/", new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER);
    }

    /** Name servers that never answer. */
    private static final class SilentResolvers extends AddressResolverGroup<InetSocketAddress> {
        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String host, Promise<InetAddress> promise) {}

                @Override
                protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {}
            }.asAddressResolver();
        }
    }
}
