package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.exchange.BodyMemory;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.TickWheels;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.upstream.UpstreamPools;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrontInitializerTest implements ProxyObserver {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final EventLoops loops = new EventLoops("front-under-test", 1);
    private final UpstreamPools pools =
            new UpstreamPools(loops, ProxyOptions.Upstream.DEFAULT, ProxyObserver.NONE, Ticker.system());
    private final FrontInitializer front = new FrontInitializer(
            new FrontContext(
                    request -> {
                        throw new AssertionError("nobody is served");
                    },
                    pools,
                    this,
                    ProxyOptions.Front.DEFAULT,
                    new BodyMemory(0),
                    Ticker.system(),
                    new TickWheels(loops, Ticker.system())),
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true));

    @AfterEach
    void close() {
        pools.close();
        loops.close();
    }

    @Test
    void aChannelSetUpWhileDrainingIsClosedAndCountedLikeAnyOther() throws Exception {
        Channel listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(front)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        front.drain();
        try (RawClient client = RawClient.connect(((InetSocketAddress) listener.localAddress()).getPort())) {
            assertThat(client.isClosedByRouter()).isTrue();
        }
        assertThat(told.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("connected");
        assertThat(told.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("disconnected");
        listener.close().sync();
    }

    @Override
    public void clientConnected(ClientProtocol protocol) {
        told.add("connected");
    }

    @Override
    public void clientDisconnected(ClientProtocol protocol) {
        told.add("disconnected");
    }
}
