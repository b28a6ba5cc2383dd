package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One event goes, every other byte stays. */
final class UsageFilterTest {

    private static final String USAGE =
            event("{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2},\"x\":1.5}");
    private static final String BEFORE = ": hello\n\n"
            + event("{\"choices\":[{\"delta\":{\"content\":\"u\\\"usage\"}}],\"usage\":null}")
            + event("{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":5}}");
    private static final String BEHIND = event("[DONE]") + "data: trailing";

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private final StringBuilder received = new StringBuilder();
    private final UsageFilter filter = new UsageFilter(UnpooledByteBufAllocator.DEFAULT, piece -> {
        received.append(piece.toString(StandardCharsets.UTF_8));
        piece.release();
    });

    private void send(String piece) {
        ByteBuf bytes = Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8);
        bytes.retain();
        filter.content(bytes);
        assertThat(bytes.refCnt()).isEqualTo(1);
        bytes.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 1000})
    void theUsageGoesHoweverTheStreamIsCut(int length) {
        String stream = BEFORE + USAGE + BEHIND;
        for (int at = 0; at < stream.length(); at += length) {
            send(stream.substring(at, Math.min(at + length, stream.length())));
        }
        filter.end();
        assertThat(received).hasToString(BEFORE + BEHIND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void theUsageGoesWhereverTheStreamIsCutInTwo(String lineEnd) {
        String stream = (BEFORE + USAGE + BEHIND).replace("\n", lineEnd);
        for (int at = 1; at < stream.length(); at++) {
            UsageFilterTest half = new UsageFilterTest();
            half.send(stream.substring(0, at));
            half.send(stream.substring(at));
            half.filter.end();
            assertThat(half.received).as("cut at " + at).hasToString((BEFORE + BEHIND).replace("\n", lineEnd));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r"})
    void theUsageGoesByteByByte(String lineEnd) {
        (BEFORE + USAGE + USAGE + BEHIND)
                .replace("\n", lineEnd)
                .chars()
                .forEach(one -> send(Character.toString((char) one)));
        filter.end();
        assertThat(received).hasToString((BEFORE + BEHIND).replace("\n", lineEnd));
    }

    @Test
    void aUsageThatIsSpreadOverChunksOfOneReadDoesNotPass() {
        int within = USAGE.indexOf("usage") + 2;
        assertThat(passes(chunk(USAGE.substring(0, within)) + chunk(USAGE.substring(within))))
                .isFalse();
        assertThat(passes(chunk("data: a\n") + chunk("\ndata: b\n\n"))).isFalse();
        assertThat(passes(chunk("data: a\n\n") + chunk("data: b\n\n"))).isTrue();
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    @Test
    void wholeEventsWithoutUsagePassInOnePiece() {
        send("data: a\n\ndata: b\n\n");
        assertThat(received).hasToString("data: a\n\ndata: b\n\n");
    }

    @Test
    void aStreamThatIsCutWithinAnEventGivesOutThatPart() {
        send("data: a\n\ndata: {\"usage\"");
        assertThat(received).hasToString("data: a\n\n");
        filter.end();
        assertThat(received).hasToString("data: a\n\ndata: {\"usage\"");
    }

    @Test
    void whatIsReleasedIsNotGivenOut() {
        send("data: part");
        filter.release();
        filter.end();
        assertThat(received).isEmpty();
    }

    @Test
    void aLongEventDoesNotWait() {
        String begins = "data: {\"usage\":" + "x".repeat(UsageFilter.LONGEST);
        send(begins);
        assertThat(received).hasToString(begins);
        send("y\n\n" + USAGE);
        assertThat(received).hasToString(begins + "y\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[{}],\"usage\":{}}\n\n",
                "data: {\"usage\":{\"prompt_tokens\":1}}\n\n",
                "data: {\"choices\":[],\"usage\":null}\n\n",
                "data: {\"choices\":[],\"usage\":{}} x\n\n",
                "data: {\"choices\":[],\"usage\":{}\n\n",
                "data: {\"choices\":[],\ndata: \"usage\":{}}\n\n",
                "event: x\ndata: {\"choices\":[],\"usage\":{}}\n\n",
                "data: {\"a\":{\"choices\":[],\"usage\":{}}}\n\n",
                "data: \"usage\"\n\n",
                "data: {}\n\n\"usage\"\n\n"
            })
    void otherEventsThatNameUsageStay(String event) {
        send(event);
        filter.end();
        assertThat(received).hasToString(event);
    }

    @Test
    void chunksPassWithTheirFramingWhenTheyAreWholeEvents() {
        assertThat(passes("9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n")).isTrue();
        assertThat(passes("8\r\ndata: a\n\r\n1\r\n\n\r\n")).isFalse();
        assertThat(passes("8\r\ndata: a\n\r\n")).isFalse();
        assertThat(passes("11\r\ndata: a\"usage\"\n\n\r\n")).isFalse();
        send("data: part");
        assertThat(passes("9\r\ndata: a\n\n\r\n")).isFalse();
        filter.release();
    }

    private boolean passes(String framed) {
        return filter.passes(Unpooled.copiedBuffer(framed, StandardCharsets.UTF_8));
    }
}
