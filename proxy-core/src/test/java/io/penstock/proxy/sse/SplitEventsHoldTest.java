package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.runtime.TickWheel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that end in the middle of something; two events, 40 ms, ticks of 2 ms. */
final class SplitEventsHoldTest {

    private static final String EVENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}";

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final RecordedOutlet outlet = new RecordedOutlet();
    private final EventHold hold = new EventHold(
            new StreamInterval(2, 40_000_000, StreamInterval.Mode.BATCH, 2_000),
            EventJoiner.NONE,
            outlet,
            new TickWheel(channel.eventLoop(), ticker::nanoTime, 2_000_000));

    @AfterEach
    void close() {
        hold.release();
        channel.finishAndReleaseAll();
    }

    private List<String> read(String piece) {
        ByteBuf bytes = Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8);
        hold.add(bytes, 0, bytes.readableBytes(), ticker.nanoTime());
        hold.readComplete();
        return outlet.takeFlushes();
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i++) {
            ticker.advance(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void aClientThatHasTheCrOfALineEndGetsItsLfAtOnce() {
        assertThat(read(EVENT + "\r\n\r")).containsExactly(EVENT + "\r\n\r");
        assertThat(read("\n")).as("alone").containsExactly("\n");
        assertThat(read(EVENT + "\r\n\r")).as("the first of two").isEmpty();
        assertThat(read("\n" + EVENT + "\r\n\r")).containsExactly(EVENT + "\r\n\r\n" + EVENT + "\r\n\r");
        assertThat(read("\n" + EVENT + "\r\n\r\n"))
                .as("with what came with it")
                .containsExactly("\n" + EVENT + "\r\n\r\n");
        assertThat(read(EVENT + "\r\n\r\n")).isEmpty();
        assertThat(hold.tally().summary().flushes()).isEqualTo(Map.of(FlushReason.FIRST, 2, FlushReason.EVENTS, 2));
    }

    @Test
    void theDelayOfAPartThatStaysCountsFromWhenItCame() {
        read(EVENT + "\n\n" + EVENT);
        pass(20);
        assertThat(read("\n\n" + EVENT)).isEmpty();
        pass(10);
        assertThat(read("\n\n" + EVENT)).containsExactly((EVENT + "\n\n").repeat(2));
        pass(35);
        assertThat(outlet.takeFlushes())
                .as("65 ms after the first part, 35 ms after this one")
                .isEmpty();
        pass(7);
        assertThat(outlet.takeFlushes()).containsExactly(EVENT);
    }

    @Test
    void whatAClientThatLeftDidNotGetIsNotSaved() {
        read(EVENT + "\n\n");
        read(EVENT + "\n\n" + "data: part");
        hold.release();
        assertThat(hold.tally().summary().bytesSaved()).isZero();
    }
}
