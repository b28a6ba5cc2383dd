package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pool does with the connections it is given. */
final class EnginePoolTest {

    private static final Endpoint ENGINE = new Endpoint("engine", 8000, Protocol.HTTP1);

    private final EventLoops loops = new EventLoops("no-connects", 1);
    private final Connector connector = new Connector(loops, new ProxyObserver() {});
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EnginePool pool =
            new EnginePool(channel.eventLoop(), ENGINE, connector, ProxyOptions.Upstream.DEFAULT, new ManualTicker());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        connector.close();
        loops.close();
    }

    @Test
    void aConnectionThatLayIdleBeforeItsFirstRequestCountsAsReused() {
        pool.usable(connection());
        var sink = new HeardSink();
        pool.send(request(), Duration.ofSeconds(1), sink);
        assertThat(sink.sent).isTrue();
        channel.close();
        assertThat(sink.failure.join().replaySafety()).isEqualTo(ReplaySafety.STALE_CONNECTION);
    }

    @Test
    void aConnectionThatTakesItsFirstRequestAtOnceDoesNotCountAsReused() {
        var sink = new HeardSink();
        connection().send(request(), sink);
        channel.close();
        assertThat(sink.failure.join().replaySafety()).isEqualTo(ReplaySafety.SENT_NOTHING_BACK);
    }

    private Http1Connection connection() {
        var decoder = new EngineResponseDecoder(new HttpDecoderConfig());
        var connection = new Http1Connection(channel, decoder, pool);
        channel.pipeline().addLast(new HttpRequestEncoder(), decoder, connection);
        return connection;
    }

    private static UpstreamRequest request() {
        var headers = new DefaultHttpHeaders().set("host", "engine");
        return new UpstreamRequest(HttpMethod.GET, "/", headers, Unpooled.EMPTY_BUFFER);
    }
}
