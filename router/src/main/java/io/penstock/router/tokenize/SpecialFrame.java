package io.penstock.router.tokenize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The special tokens that a model expects before and after a text, as its tokenizer adds them. Threading: immutable. */
final class SpecialFrame {

    private static final List<String> SAMPLES =
            List.of("a", "", "Hello, world!\n\n 12345 ", "\u00e4\u6f22\ud83d\ude00");

    private final int[] before;
    private final int[] after;

    private SpecialFrame(int[] before, int[] after) {
        this.before = before;
        this.after = after;
    }

    /** Finds them by samples; null if they are not the same ones around each. */
    static @Nullable SpecialFrame of(Encoder encoder) {
        int[] empty = encoder.encode("", true);
        for (int split = 0; split <= empty.length; split++) {
            var frame = new SpecialFrame(
                    Arrays.copyOfRange(empty, 0, split), Arrays.copyOfRange(empty, split, empty.length));
            if (SAMPLES.stream().allMatch(sample -> frame.holds(encoder, sample))) {
                return frame;
            }
        }
        return null;
    }

    private boolean holds(Encoder encoder, String sample) {
        IdList whole = new IdList(0);
        whole.add(before);
        whole.add(encoder.encode(sample, false));
        whole.add(after);
        return Arrays.equals(whole.toArray(), encoder.encode(sample, true));
    }

    /** Ids before a text; nobody writes to them. */
    int[] before() {
        return before;
    }

    /** Ids after a text; nobody writes to them. */
    int[] after() {
        return after;
    }

    int count() {
        return before.length + after.length;
    }
}
