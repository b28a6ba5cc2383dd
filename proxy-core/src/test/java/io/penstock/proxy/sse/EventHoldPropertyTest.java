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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Random streams in random pieces at random times, to a client that reads or does not, and a random end. */
final class EventHoldPropertyTest {

    private static final int MAX_BYTES = 700;
    private static final long DELAY_MILLIS = 40;

    @Test
    void whateverHappensTheBytesAreTheEnginesInTheirOrderAndNoneWaitsTooLong() {
        for (long seed = 0; seed < 3_000; seed++) {
            new Run(new Random(seed)).play("seed " + seed);
        }
    }

    /** One stream. */
    private static final class Run {

        private final Random random;
        private final MockTicker ticker = Ticker.newMockTicker();
        private final EmbeddedChannel channel =
                EmbeddedChannel.builder().ticker(ticker).build();
        private final RecordedOutlet outlet = new RecordedOutlet();
        private final EventHold hold;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final long[] sentAt = new long[64 << 10];

        Run(Random random) {
            this.random = random;
            var interval = new StreamInterval(
                    2 + random.nextInt(5), DELAY_MILLIS * 1_000_000, StreamInterval.Mode.BATCH, MAX_BYTES);
            var wheel = new TickWheel(channel.eventLoop(), ticker::nanoTime, 2_000_000);
            this.hold = new EventHold(interval, EventJoiner.NONE, outlet, wheel);
        }

        void play(String name) {
            byte[] stream = stream();
            int end = random.nextInt(4) == 0 ? random.nextInt(stream.length + 1) : stream.length;
            for (int at = 0; at < end; ) {
                int to = Math.min(end, at + 1 + random.nextInt(1 << random.nextInt(10)));
                add(stream, at, to);
                at = to;
                if (random.nextInt(3) > 0) {
                    readComplete(name);
                }
                pass(name, random.nextInt(4) == 0 ? random.nextInt(100) : random.nextInt(3));
            }
            if (random.nextInt(8) == 0) {
                hold.release();
                assertThat(outlet.all()).as(name).isEqualTo(Arrays.copyOf(stream, outlet.all().length));
            } else {
                boolean between = hold.end(random.nextBoolean() ? FlushReason.END : FlushReason.CUT);
                assertThat(outlet.all()).as(name).isEqualTo(Arrays.copyOf(stream, end));
                assertThat(between).as(name).isEqualTo(standsBetweenEvents(stream, end));
            }
            byte[] atTheEnd = outlet.all();
            ticker.advance(2 * DELAY_MILLIS, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            assertThat(outlet.all()).as(name).isEqualTo(atTheEnd);
            channel.finishAndReleaseAll();
        }

        private void add(byte[] stream, int from, int to) {
            Arrays.fill(sentAt, from, to, ticker.nanoTime());
            sent.write(stream, from, to - from);
            ByteBuf piece = Unpooled.wrappedBuffer(stream).retainedSlice();
            hold.add(piece, from, to, ticker.nanoTime());
            piece.release();
        }

        private void readComplete(String name) {
            outlet.writable(random.nextInt(10) > 0);
            hold.readComplete();
            int held = sent.size() - outlet.all().length;
            assertThat(held).as(name).isLessThanOrEqualTo(MAX_BYTES);
            assertThat(outlet.isWritable() || held == 0 || outlet.unflushed().isEmpty())
                    .as(name)
                    .isTrue();
        }

        private void pass(String name, int millis) {
            if (millis > 0) {
                readComplete(name);
            }
            for (int i = 0; i < millis; i++) {
                ticker.advance(1, TimeUnit.MILLISECONDS);
                channel.runScheduledPendingTasks();
                int flushed = outlet.flushedBytes();
                if (flushed < sent.size()) {
                    long waited = ticker.nanoTime() - sentAt[flushed];
                    assertThat(waited).as(name).isLessThanOrEqualTo((DELAY_MILLIS + 2) * 1_000_000);
                }
            }
        }

        private byte[] stream() {
            String[] ends = {"\n", "\r\n", "\r"};
            StringBuilder stream = new StringBuilder(random.nextInt(5) == 0 ? "\uFEFF" : "");
            for (int events = random.nextInt(25); events > 0; events--) {
                String lineEnd = ends[random.nextInt(random.nextBoolean() ? 1 : 3)];
                stream.append(event().replace("\n", lineEnd));
            }
            return stream.append(random.nextInt(4) == 0 ? "data: half" : "")
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        }

        private String event() {
            String text = "漢ü\\\"x".repeat(random.nextInt(4)) + "y".repeat(1 << random.nextInt(11) >> 1);
            int choice = random.nextInt(3);
            return switch (random.nextInt(12)) {
                case 0 -> ": comment\n\n";
                case 1 -> "data: [DONE]\n\n";
                case 2 -> "event: e\nid: 1\ndata:" + text + "\ndata: more\n\n";
                case 3 -> "\n";
                case 4 ->
                    "data: {\"choices\":[{\"index\":" + choice + ",\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
                default ->
                    "data: {\"choices\":[{\"index\":" + choice + ",\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
            };
        }

        private static boolean standsBetweenEvents(byte[] stream, int end) {
            LastBytes last = new LastBytes();
            ByteBuf all = Unpooled.wrappedBuffer(stream);
            boolean mark = end >= 3 && stream[0] == (byte) 0xef;
            last.passed(all, mark ? 3 : 0, end);
            return last.areBetweenEvents();
        }
    }
}
