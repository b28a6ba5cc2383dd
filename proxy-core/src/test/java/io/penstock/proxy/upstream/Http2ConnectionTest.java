package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection agrees with its engine. */
final class Http2ConnectionTest {

    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    @ParameterizedTest
    @ValueSource(ints = {1, 128, 1000, 40_000})
    void theConnectionWindowHasRoomForEveryStreamItTakes(int maxStreams) {
        var loops = new EventLoops("no-connects", 1);
        var channel = new EmbeddedChannel(new Http2Initializer());
        try (var connector = new Connector(loops, new ProxyObserver() {})) {
            var connection =
                    Http2Connection.start(channel, pool(channel, connector, maxStreams), Duration.ofSeconds(1));
            channel.writeInbound(Unpooled.wrappedBuffer(EMPTY_SETTINGS));
            long streams = connection.getNow().freeStreams();
            assertThat(streams).isPositive().isLessThanOrEqualTo(maxStreams);
            // Netty moves a window of its own accord by a byte or two
            assertThat((long) window(channel)).isCloseTo(streams * Http2Initializer.STREAM_WINDOW, within(2L));
        } finally {
            channel.finishAndReleaseAll();
            loops.close();
        }
    }

    private static EnginePool pool(EmbeddedChannel channel, Connector connector, int maxStreams) {
        var engine = new Endpoint("engine", 8000, Protocol.H2C);
        var options = new ProxyOptions.Upstream(Duration.ofSeconds(3), maxStreams);
        return new EnginePool(channel.eventLoop(), engine, connector, options, new ManualTicker());
    }

    private static int window(EmbeddedChannel channel) {
        var connection = channel.pipeline().get(Http2FrameCodec.class).connection();
        return connection.local().flowController().windowSize(connection.connectionStream());
    }
}
