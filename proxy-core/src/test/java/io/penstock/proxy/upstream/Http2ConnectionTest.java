package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection agrees with its engine. */
final class Http2ConnectionTest {

    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final byte[] GO_AWAY_AFTER_3 = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
    private static final int RST_STREAM = 3;

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

    /**
     * The engine never saw those streams, so it need not know what a reset of them means: one that takes it for an error of the
     * connection ends the streams that it did see.
     */
    @Test
    void streamsThatAreGoneWithAGoAwayAreNotResetAndTheOthersGoOn() throws Exception {
        var loops = new EventLoops("no-connects", 1);
        var channel = new EmbeddedChannel(new Http2Initializer());
        try (var connector = new Connector(loops, new ProxyObserver() {})) {
            var connection = Http2Connection.start(channel, pool(channel, connector, 8), Duration.ofSeconds(1));
            channel.writeInbound(Unpooled.wrappedBuffer(EMPTY_SETTINGS));
            var taken = new HeardSink();
            var untold = new HeardSink();
            UpstreamStream goesOn = connection.getNow().send(request(), taken);
            connection.getNow().send(request(), untold);
            var roomForAnother =
                    untold.failure.thenApply(failed -> connection.getNow().freeStreams());
            channel.releaseOutbound();
            channel.writeInbound(Unpooled.wrappedBuffer(GO_AWAY_AFTER_3));

            assertThat(untold.failure.get(0, TimeUnit.SECONDS).replaySafety()).isEqualTo(ReplaySafety.NOT_SENT);
            assertThat(roomForAnother.get(0, TimeUnit.SECONDS)).isZero();
            assertThat(taken.failure).isNotDone();
            assertThat(channel.isOpen()).isTrue();
            assertThat(typesOfFramesSent(channel)).doesNotContain(RST_STREAM);
            goesOn.cancel();
            assertThat(channel.isOpen())
                    .as("the last stream's end is the connection's")
                    .isFalse();
        } finally {
            channel.finishAndReleaseAll();
            loops.close();
        }
    }

    private static UpstreamRequest request() {
        return new UpstreamRequest(
                HttpMethod.POST, "/v1/x", new DefaultHttpHeaders().set("host", "engine"), Unpooled.EMPTY_BUFFER);
    }

    private static List<Integer> typesOfFramesSent(EmbeddedChannel channel) {
        List<Integer> types = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next; (next = channel.readOutbound()) != null; next.release()) {
            all.writeBytes(next);
        }
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            types.add((int) all.readUnsignedByte());
            all.skipBytes(5 + length);
        }
        return types;
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
