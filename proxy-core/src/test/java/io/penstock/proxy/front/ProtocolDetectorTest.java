package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.exchange.BodyMemory;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.TickWheels;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.upstream.UpstreamPools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProtocolDetectorTest implements ProxyObserver {

    private final List<ClientProtocolError> errors = new ArrayList<>();
    private final EventLoops loops = new EventLoops("front-under-test", 1);
    private final UpstreamPools pools =
            new UpstreamPools(loops, ProxyOptions.Upstream.DEFAULT, ProxyObserver.NONE, Ticker.system());
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ProtocolDetector(new FrontContext(
                    request -> {
                        throw new AssertionError("nobody is served");
                    },
                    pools,
                    this,
                    ProxyOptions.Front.DEFAULT,
                    new BodyMemory(1 << 20),
                    Ticker.system(),
                    new TickWheels(loops, Ticker.system()))),
            new ChannelInboundHandlerAdapter());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        pools.close();
        loops.close();
    }

    @Test
    void bytesOfHttp1GoOnAtOnceAndTheDetectorIsGone() {
        channel.writeInbound(bytes("PO"));
        assertThat(text(channel.readInbound())).isEqualTo("PO");
        assertThat(channel.pipeline().get(ProtocolDetector.class)).isNull();
    }

    @Test
    void aPartOfThePrefaceWaits() {
        channel.writeInbound(bytes("PR"));
        assertThat(channel.inboundMessages()).isEmpty();
        channel.writeInbound(bytes("OPFIND / HTTP/1.1\r\n"));
        assertThat(text(channel.readInbound())).isEqualTo("PROPFIND / HTTP/1.1\r\n");
    }

    @Test
    void aPrefaceThatStaysIncompleteIsRefusedInTime() {
        channel.freezeTime();
        channel.writeInbound(bytes("PRI * HTTP/2.0\r\n"));
        channel.advanceTimeBy(9, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(errors).isEmpty();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(errors).containsExactly(ClientProtocolError.PREFACE_TIMEOUT);
        assertThat(channel.pipeline().get(ProtocolDetector.class)).isNull();
        assertThatThrownBy(channel::checkException).isInstanceOf(SlowHeadException.class);
    }

    @Test
    void aConnectionThatIsNoPrefaceAnyMoreIsNotTimed() {
        channel.writeInbound(bytes("P"));
        channel.writeInbound(bytes("OST"));
        channel.advanceTimeBy(1, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
    }

    @Override
    public void clientProtocolError(ClientProtocolError kind) {
        errors.add(kind);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuf bytes) {
        try {
            return bytes.toString(StandardCharsets.US_ASCII);
        } finally {
            bytes.release();
        }
    }
}
