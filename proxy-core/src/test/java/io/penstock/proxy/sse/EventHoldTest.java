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

/** Four events, 40 ms, 2000 bytes; ticks of 2 ms. */
final class EventHoldTest {

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final TickWheel wheel = new TickWheel(channel.eventLoop(), ticker::nanoTime, 2_000_000);
    private final RecordedOutlet outlet = new RecordedOutlet();
    private final EventHold hold = hold(4);

    private EventHold hold(int events) {
        var interval = new StreamInterval(events, 40_000_000, StreamInterval.Mode.BATCH, 2_000);
        return new EventHold(interval, EventJoiner.NONE, outlet, wheel);
    }

    @AfterEach
    void close() {
        hold.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void theFirstContentOfEachChoiceGoesAtOnce() {
        assertThat(read(role(0))).containsExactly(role(0));
        assertThat(read(role(1))).containsExactly(role(1));
        assertThat(read(token(0, "a"))).containsExactly(token(0, "a"));
        assertThat(read(token(0, "b"))).isEmpty();
        assertThat(read(token(1, "c"))).containsExactly(token(0, "b") + token(1, "c"));
        assertThat(read(token(1, "d"))).isEmpty();
        assertThat(read(token(0, "e"))).isEmpty();
        assertReasons(Map.of(FlushReason.FIRST, 4));
    }

    @Test
    void asManyEventsAsTheIntervalSaysGoTogether() {
        begin();
        assertThat(read(token("a"))).isEmpty();
        assertThat(read(token("b"))).isEmpty();
        assertThat(read(token("c"))).isEmpty();
        assertThat(read(token("d"))).containsExactly(token("a") + token("b") + token("c") + token("d"));
        assertThat(read(token("e"))).isEmpty();
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.EVENTS, 1));
        assertThat(hold.tally().summary().writesSaved()).as("6 reads, 2 writes").isEqualTo(4);
        assertThat(hold.tally().summary().events()).isEqualTo(5);
    }

    @Test
    void whatCameInOneReadGoesInOneWrite() {
        begin();
        String many = token("a").repeat(7);
        assertThat(read(many)).containsExactly(many);
    }

    @Test
    void theDelayCountsFromTheFirstEventHeld() {
        begin();
        pass(10);
        assertThat(read(token("a"))).isEmpty();
        pass(30);
        assertThat(read(token("b"))).isEmpty();
        pass(9);
        assertThat(outlet.takeFlushes()).isEmpty();
        pass(3);
        assertThat(outlet.takeFlushes()).containsExactly(token("a") + token("b"));
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.DELAY, 1));
    }

    @Test
    void theDelayOfEventsThatWentBeforeItDoesNotCountForLaterOnes() {
        begin();
        read(token("a"));
        pass(20);
        read(token("b").repeat(3));
        assertThat(outlet.takeFlushes()).isEmpty();
        pass(10);
        assertThat(read(token("c"))).isEmpty();
        pass(30);
        assertThat(outlet.takeFlushes()).as("40 ms after a, 30 ms after c").isEmpty();
        pass(12);
        assertThat(outlet.takeFlushes()).containsExactly(token("c"));
    }

    @Test
    void anEngineSlowerThanTheDelayIsNotDelayed() {
        begin();
        for (int i = 0; i < 5; i++) {
            pass(40);
            assertThat(read(token("t" + i))).containsExactly(token("t" + i));
        }
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.SLOW_ENGINE, 5));
    }

    @Test
    void anEventThatWasHeldInVainEndsHoldingUntilEventsComeFaster() {
        begin();
        pass(20);
        assertThat(read(token("a"))).isEmpty();
        pass(42);
        assertThat(outlet.takeFlushes()).containsExactly(token("a"));
        pass(0);
        assertThat(read(token("b"))).as("42 ms after a").containsExactly(token("b"));
        pass(21);
        assertThat(read(token("c"))).as("not yet within half the delay").containsExactly(token("c"));
        pass(20);
        assertThat(read(token("d"))).as("not yet for a whole delay").containsExactly(token("d"));
        pass(20);
        assertThat(read(token("e"))).isEmpty();
        pass(42);
        assertThat(outlet.takeFlushes()).containsExactly(token("e"));
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.DELAY, 2, FlushReason.SLOW_ENGINE, 3));
    }

    @Test
    void whatEndsOrBeginsSomethingTakesWhatIsHeldWithIt() {
        begin();
        assertTakesHeldWithIt(": ping\n\n", FlushReason.COMMENT);
        assertTakesHeldWithIt("data: {\"error\":{\"code\":500}}\n\n", FlushReason.ERROR);
        assertTakesHeldWithIt(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}"), FlushReason.FINISH);
        assertTakesHeldWithIt("data: {\"choices\":[],\"usage\":{\"total_tokens\":9}}\n\n", FlushReason.USAGE);
        assertTakesHeldWithIt(
                chunk("{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\"}]}}"), FlushReason.TOOL_CALL);
        assertTakesHeldWithIt("event: response.completed\ndata: {}\n\n", FlushReason.STRUCTURE);
        read(token("after structure"));
        assertTakesHeldWithIt("data: [DONE]\n\n", FlushReason.DONE);
    }

    private void assertTakesHeldWithIt(String event, FlushReason why) {
        assertThat(read(token("held"))).isEmpty();
        assertThat(read(event)).containsExactly(token("held") + event);
        assertThat(hold.tally().summary().flushes()).containsEntry(why, 1);
    }

    @Test
    void halfAnEventIsKeptUntilItIsWhole() {
        begin();
        String whole = token("split anywhere");
        for (int at = 1; at < whole.length(); at++) {
            assertThat(read(whole.substring(0, at))).isEmpty();
            assertThat(read(whole.substring(at))).isEmpty();
            assertThat(read(": flush\n\n")).containsExactly(whole + ": flush\n\n");
        }
    }

    @Test
    void halfAnEventIsHeldNoLongerThanAnythingElseAndItsRestGoesOnAsItComes() {
        begin();
        read(token("a") + "data: {\"half\":");
        pass(42);
        assertThat(outlet.takeFlushes()).containsExactly(token("a") + "data: {\"half\":");
        assertThat(read("true")).containsExactly("true");
        assertThat(read("}\n\n" + token("b"))).containsExactly("}\n\n" + token("b"));
        pass(20);
        assertThat(read(token("c"))).as("slow until now").containsExactly(token("c"));
        pass(20);
        assertThat(read(token("d"))).isEmpty();
    }

    @Test
    void aCommentLineWhoseEventHasNotEndedGoesAtOnce() {
        begin();
        read(token("a"));
        assertThat(read(": still here\n")).containsExactly(token("a") + ": still here\n");
        assertThat(read("data: x\n\n")).containsExactly("data: x\n\n");
    }

    @Test
    void anEventLargerThanTheLimitIsPassedOnAsItComes() {
        begin();
        read(token("a"));
        String piece = "x".repeat(1000);
        assertThat(read("data: " + piece)).isEmpty();
        assertThat(read(piece)).containsExactly(token("a") + "data: " + piece + piece);
        assertThat(read(piece)).containsExactly(piece);
        assertThat(read("\n\n")).containsExactly("\n\n");
        assertThat(read(token("b"))).isEmpty();
    }

    @Test
    void neverMoreThanTheLimitIsHeld() {
        begin();
        String large = token("y".repeat(800));
        assertThat(read(large)).isEmpty();
        assertThat(read(large)).isEmpty();
        assertThat(read(large)).containsExactly(large + large + large);
        assertThat(hold.tally().summary().flushes()).containsEntry(FlushReason.BYTES, 1);
    }

    @Test
    void nothingIsHeldForAClientThatDoesNotReadFastEnough() {
        begin();
        outlet.writable(false);
        assertThat(read(token("a"))).containsExactly(token("a"));
        outlet.writable(true);
        assertThat(read(token("b"))).isEmpty();
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.SLOW_CLIENT, 1));
    }

    @Test
    void atTheEndAllIsWrittenAndNothingLater() {
        begin();
        read(token("a") + "data: half");
        assertThat(hold.end(FlushReason.CUT)).as("between events").isFalse();
        assertThat(outlet.unflushed()).isEqualTo(token("a") + "data: half");
        pass(100);
        assertThat(outlet.takeFlushes()).isEmpty();
        assertReasons(Map.of(FlushReason.FIRST, 1, FlushReason.CUT, 1));
    }

    @Test
    void aStreamCutBetweenTwoEventsIsKnownToBe() {
        assertThat(hold.end(FlushReason.CUT)).as("nothing came").isTrue();
        EventHold other = hold(4);
        other.add(bytes(token("a")), 0, token("a").length(), ticker.nanoTime());
        assertThat(other.end(FlushReason.CUT)).isTrue();
    }

    @Test
    void aClientThatLeftGetsNothingMore() {
        begin();
        read(token("a") + "data: half");
        hold.release();
        pass(100);
        assertThat(outlet.takeFlushes()).isEmpty();
        assertThat(outlet.unflushed()).isEmpty();
    }

    private void begin() {
        assertThat(read(token("first"))).hasSize(1);
    }

    private List<String> read(String piece) {
        ByteBuf bytes = bytes(piece);
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

    private void assertReasons(Map<FlushReason, Integer> expected) {
        assertThat(hold.tally().summary().flushes()).isEqualTo(expected);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String role(int choice) {
        return chunk("{\"index\":" + choice + ",\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}");
    }

    private static String token(String text) {
        return token(0, text);
    }

    private static String token(int choice, String text) {
        return chunk("{\"index\":" + choice + ",\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}");
    }

    private static String chunk(String choice) {
        return "data: {\"id\":\"chatcmpl-1\",\"choices\":[" + choice + "]}\n\n";
    }
}
