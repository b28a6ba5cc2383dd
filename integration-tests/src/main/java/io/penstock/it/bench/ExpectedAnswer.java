package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every byte of the answer to one prompt, recorded from an engine without a proxy, with gaps for what differs from
 * request to request. Threading: immutable.
 */
final class ExpectedAnswer {

    /** What fills a gap. */
    enum Gap {
        /** The answer's id: the request's own id, after which a proxy may have put {@code -} and something. */
        ID(1),
        /** The second in which the answer was made. */
        CREATED(2),
        /** The nanosecond in which the event was made. */
        STAMP(3);

        private final int group;

        Gap(int group) {
            this.group = group;
        }
    }

    private static final Pattern VARIABLE =
            Pattern.compile("\"id\":\"chatcmpl-([^\"]*)|\"created\":(\\d{10})|\"sim_nanos\":\"(\\d{18})");

    private static final Pattern CONTENT = Pattern.compile("\"content\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final ByteBuf text;
    private final byte[] said;
    private final List<Gap> gaps;
    private final int[] positions;

    private ExpectedAnswer(byte[] text, byte[] said, List<Gap> gaps, List<Integer> positions) {
        this.said = said;
        this.text = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(text));
        this.gaps = List.copyOf(gaps);
        this.positions = positions.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Makes the gaps. */
    static ExpectedAnswer of(byte[] recorded) {
        String latin = new String(recorded, StandardCharsets.ISO_8859_1);
        StringBuilder fixed = new StringBuilder(latin.length());
        List<Gap> gaps = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(latin);
        int copied = 0;
        while (variable.find()) {
            Gap gap = found(variable);
            int group = gap.group;
            fixed.append(latin, copied, variable.start(group));
            gaps.add(gap);
            positions.add(fixed.length());
            copied = variable.end(group);
        }
        fixed.append(latin, copied, latin.length());
        return new ExpectedAnswer(fixed.toString().getBytes(StandardCharsets.ISO_8859_1), said(latin), gaps, positions);
    }

    /** The text of all its {@code content} fields, as it is escaped. */
    byte[] said() {
        return said;
    }

    private static byte[] said(String recorded) {
        StringBuilder said = new StringBuilder();
        Matcher content = CONTENT.matcher(recorded);
        while (content.find()) {
            said.append(content.group(1));
        }
        return said.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Gap found(Matcher variable) {
        return Arrays.stream(Gap.values())
                .filter(gap -> variable.group(gap.group) != null)
                .findFirst()
                .orElseThrow();
    }

    /** The bytes without what fills the gaps. */
    ByteBuf text() {
        return text;
    }

    int length() {
        return text.capacity();
    }

    /** The position in {@link #text()} of a gap, or its length where there is no such gap any more. */
    int position(int gap) {
        return gap < positions.length ? positions[gap] : length();
    }

    /** What fills a gap that {@link #hasGap there is}. */
    Gap gap(int gap) {
        return gaps.get(gap);
    }

    boolean hasGap(int gap) {
        return gap < positions.length;
    }
}
