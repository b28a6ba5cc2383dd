package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Events that went through a {@link ChunkMerger}, as Latin-1. Threading: pure functions. */
final class Merged {

    private Merged() {}

    /** Joins as much as may be joined. */
    static List<String> whole(String... events) {
        return through(List.of(events), () -> false);
    }

    /** Settles after every event. */
    static List<String> settledAfterEach(List<String> events) {
        return through(events, () -> true);
    }

    static List<String> settledAtRandom(List<String> events, Random random) {
        return through(events, () -> random.nextInt(8) == 0);
    }

    private static List<String> through(List<String> events, BooleanSupplier settles) {
        ChunkMerger merger = new ChunkMerger();
        ByteBuf out = Unpooled.buffer();
        for (String event : events) {
            ByteBuf bytes = Unpooled.copiedBuffer("before" + event + "behind", StandardCharsets.ISO_8859_1);
            int from = "before".length();
            merger.add(bytes, from, from + event.length(), EventClass.CONTENT, out);
            bytes.setZero(0, bytes.capacity());
            bytes.release();
            if (settles.getAsBoolean()) {
                merger.settle(out);
            }
        }
        merger.settle(out);
        String text = out.toString(StandardCharsets.ISO_8859_1);
        out.release();
        merger.release();
        return split(text);
    }

    private static List<String> split(String text) {
        List<String> events = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int lf = ends(text, "\n\n", from);
            int crlf = ends(text, "\r\n\r\n", from);
            int end = Math.min(Math.min(lf, crlf), ends(text, "\r\r", from));
            events.add(text.substring(from, end));
            from = end;
        }
        return events;
    }

    private static int ends(String text, String blankLine, int from) {
        int at = text.indexOf(blankLine, from);
        return at < 0 ? text.length() : at + blankLine.length();
    }
}
