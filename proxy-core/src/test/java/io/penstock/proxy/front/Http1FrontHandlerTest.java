package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.exchange.BodyMemory;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.TickWheels;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.proxy.upstream.UpstreamPools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One client connection, whose router answers when the test says so. */
final class Http1FrontHandlerTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nhost: r\r\n\r\n";

    private final ManualTicker ticker = new ManualTicker();
    private final EventLoops loops = new EventLoops("never-connects", 1);
    private final UpstreamPools pools =
            new UpstreamPools(loops, ProxyOptions.Upstream.DEFAULT, ProxyObserver.NONE, ticker);
    private final ArrayDeque<Promise<RouteDecision>> undecided = new ArrayDeque<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PipelinedObjects pipelined = new PipelinedObjects(channel);
    private int asked;

    Http1FrontHandlerTest() {
        var context = new ExchangeContext(
                request -> {
                    asked++;
                    Promise<RouteDecision> decision = request.loop().newPromise();
                    undecided.add(decision);
                    return decision;
                },
                pools.of(loops.group().next()),
                ProxyObserver.NONE,
                ProxyOptions.Front.DEFAULT,
                new BodyMemory(1 << 20),
                ticker,
                new TickWheels(loops, ticker).of(loops.group().next()));
        channel.pipeline()
                .addLast(
                        new RequestDecoder(new HttpDecoderConfig(), pipelined),
                        new ResponseEncoder(),
                        new Http1FrontHandler(context, channel, pipelined, new DefectLog(ticker)));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        pools.close();
        loops.close();
    }

    @Test
    void whatIsPipelinedBeyondTheLimitStaysUndecoded() {
        ByteBuf sent = receive(REQUEST.repeat(2000));
        assertThat(pipelined.isFull()).isTrue();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(sent.readableBytes()).isGreaterThan(1800 * REQUEST.length());
        for (int i = 0; i < 2000; i++) {
            answer(Integer.toString(i));
            assertThat(written()).endsWith("\r\n\r\n" + i);
        }
        assertThat(asked).isEqualTo(2000);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        assertThat(pipelined.isEmpty()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadItsAnswersGetsNoMoreUntilItDoes() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        receive(REQUEST.repeat(3));
        assertThat(asked).isZero();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(asked).isEqualTo(1);
        answer("a");
        answer("b");
        answer("c");
        assertThat(written()).contains("\r\n\r\na").contains("\r\n\r\nb").endsWith("\r\n\r\nc");
    }

    @Test
    void aDecoderThatGivesUpLetsTheRunningAnswerThroughThenRefusesAndCloses() {
        receive(REQUEST + REQUEST);
        channel.pipeline().fireExceptionCaught(new DecoderException("too much"));
        channel.pipeline().fireExceptionCaught(new DecoderException("and again"));
        receive(REQUEST);
        assertThat(written()).isEmpty();
        answer("one");
        assertThat(written()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\none");
        answer("two");
        assertThat(written()).startsWith("HTTP/1.1 200").contains("\r\n\r\ntwo").contains("HTTP/1.1 400");
        assertThat(asked).isEqualTo(2);
        channel.advanceTimeBy(2, java.util.concurrent.TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aDecoderThatGivesUpWithinABodyRefusesItsRequest() {
        receive("POST / HTTP/1.1\r\nhost: r\r\ncontent-length: 10\r\n\r\nhalf");
        channel.pipeline().fireExceptionCaught(new DecoderException("too much"));
        assertThat(written()).startsWith("HTTP/1.1 400");
        assertThat(asked).isZero();
    }

    @Test
    void aHeadRequestIsAnsweredWithoutABodyAndTheNextOneWithIt() {
        receive("HEAD / HTTP/1.1\r\nhost: r\r\n\r\n" + REQUEST);
        answer("long");
        assertThat(written()).contains("content-length: 4").endsWith("\r\n\r\n");
        answer("body");
        assertThat(written()).endsWith("\r\n\r\nbody");
    }

    @Test
    void defectsAreWrittenDownOnceInTenSeconds() {
        var defects = new DefectLog(ticker);
        assertThat(defects.closed(null, new IllegalStateException("expected"))).isTrue();
        assertThat(defects.closed(null, new IllegalStateException("unseen"))).isFalse();
        ticker.advance(java.time.Duration.ofSeconds(10));
        assertThat(defects.closed(null, new IllegalStateException("expected"))).isTrue();
    }

    private ByteBuf receive(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        channel.writeInbound(bytes);
        return bytes;
    }

    private void answer(String text) {
        undecided
                .remove()
                .setSuccess(new RouteDecision.Answer(
                        200, "text/plain", Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), RouteLabels.NONE));
        channel.runPendingTasks();
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece; (piece = channel.readOutbound()) != null; piece.release()) {
            text.append(piece.toString(StandardCharsets.US_ASCII));
        }
        return text.toString();
    }
}
