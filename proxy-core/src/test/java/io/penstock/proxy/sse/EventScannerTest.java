package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventScannerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: a\n\n|data: b\n\n|",
                "data:a\r\n\r\n|data:b\r\n\r\n|",
                "data: a\r\r|data: b\r\r|",
                "data: a\n\r\n|data: b\r\n\n|data: c\r\n\r|data: d\n\r|",
                ": comment\n\n|:\n\n|data: x\n\n|",
                "event: e\nid: 7\nretry: 5\ndata: one\ndata: two\n\n|",
                "\n|\n|data: x\n\n|",
                "\uFEFFdata: x\n\n|data: y\n\n|",
                "\uFEFF\n|data: y\n\n|",
                "data: grüße 漢字 \ud83d\ude00\n\n|data: ü\n\n|",
                "data: nothing ends here\nnor here\r\n",
                "data: a longer line than eight bytes with \u000b and \u008a in it\n\n|"
            })
    void findsTheEndsOfEventsInOnePieceAndInAny(String marked) {
        byte[] stream = bytes(marked.replace("|", ""));
        List<Integer> expected = ends(marked);
        assertThat(scan(stream)).isEqualTo(expected);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                assertSame(stream, scan(stream, first, second), expected);
            }
        }
    }

    /** An event that ends with CR LF ends with its CR where the LF comes later. */
    private static void assertSame(byte[] stream, List<Integer> found, List<Integer> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            int end = found.get(i);
            boolean beforeLf = end < stream.length && stream[end - 1] == '\r' && stream[end] == '\n';
            assertThat(beforeLf ? end + 1 : end).isEqualTo(expected.get(i));
        }
    }

    @Test
    void knowsWhetherAnEventHasBegun() {
        EventScanner scanner = new EventScanner();
        assertThat(scanner.isWithinEvent()).isFalse();
        for (String piece : List.of("d", "ata: x", "\r", "\n", "data: y\r\n")) {
            assertThat(next(scanner, piece)).isEqualTo(-1);
            assertThat(scanner.isWithinEvent()).isTrue();
        }
        assertThat(next(scanner, "\r")).isEqualTo(1);
        assertThat(scanner.isWithinEvent()).isFalse();
        assertThat(next(scanner, "\n")).isEqualTo(-1);
        assertThat(scanner.isWithinEvent()).as("after the LF of the CR").isFalse();
    }

    @Test
    void aByteOrderMarkBeginsNoEventAndHalfOfOneDoes() {
        EventScanner whole = new EventScanner();
        ByteBuf mark = Unpooled.wrappedBuffer(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf});
        assertThat(whole.next(mark, 0, 3)).isEqualTo(-1);
        assertThat(whole.isWithinEvent()).isFalse();
        EventScanner begun = new EventScanner();
        assertThat(begun.next(mark, 0, 2)).isEqualTo(-1);
        assertThat(begun.isWithinEvent()).as("within the mark").isTrue();
        EventScanner half = new EventScanner();
        ByteBuf broken = Unpooled.wrappedBuffer(new byte[] {(byte) 0xef, (byte) 0xbb, 'x'});
        assertThat(half.next(broken, 0, 3)).isEqualTo(-1);
        assertThat(half.isWithinEvent()).isTrue();
    }

    @Test
    void seesAWholeCommentLineInAnEventThatHasNotEnded() {
        EventScanner scanner = new EventScanner();
        next(scanner, ": wait");
        assertThat(scanner.hasComment()).isFalse();
        next(scanner, "ing\n");
        assertThat(scanner.hasComment()).isTrue();
        next(scanner, "data: x\n\n");
        assertThat(scanner.hasComment()).isFalse();
        next(scanner, "data: :\n");
        assertThat(scanner.hasComment()).isFalse();
    }

    @Test
    void readsALargeEventAndEveryByteOnce() {
        Random random = new Random(4);
        byte[] event = bytes("data: " + "x".repeat(1 << 20) + "\n\n");
        EventScanner scanner = new EventScanner();
        ByteBuf all = Unpooled.wrappedBuffer(event);
        int at = 0;
        int end = -1;
        while (end < 0) {
            int to = Math.min(event.length, at + 1 + random.nextInt(64 << 10));
            end = scanner.next(all, at, to);
            at = to;
        }
        assertThat(end).isEqualTo(event.length);
    }

    private static int next(EventScanner scanner, String piece) {
        ByteBuf bytes = Unpooled.wrappedBuffer(bytes(piece));
        return scanner.next(bytes, 0, bytes.readableBytes());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Integer> ends(String marked) {
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        for (String event : marked.split("\\|", -1)) {
            at += bytes(event).length;
            ends.add(at);
        }
        ends.remove(ends.size() - 1);
        return ends;
    }

    private static List<Integer> scan(byte[] stream, int... splits) {
        EventScanner scanner = new EventScanner();
        ByteBuf all = Unpooled.wrappedBuffer(stream);
        List<Integer> found = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= splits.length; i++) {
            int to = i < splits.length ? splits[i] : stream.length;
            for (int end; (end = scanner.next(all, from, to)) > 0; from = end) {
                found.add(end);
            }
            from = to;
        }
        return found;
    }
}
