package io.penstock.router.tokenize;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Text to tokens and back. Where its {@link SafeCuts} allow, a long text is tokenized in pieces: that is faster, can be
 * stopped between two of them, and pieces that were tokenized lately are not tokenized again. The ids are always those of
 * the whole text.
 *
 * <p>Takes time in proportion to the text: not for an event loop. Threading: any thread, several at once.
 */
public final class Tokenizer {

    private final Encoder encoder;
    private final SafeCuts cuts;
    private final @Nullable SpecialFrame around;
    private final @Nullable SliceMemory memory;

    /**
     * Takes this encoder.
     *
     * @param memory bytes for pieces that were tokenized lately; 0 for none
     */
    Tokenizer(Encoder encoder, SafeCuts cuts, long memory) {
        this.encoder = encoder;
        this.around = cuts == SafeCuts.NOWHERE ? null : SpecialFrame.of(encoder);
        this.cuts = around == null ? SafeCuts.NOWHERE : cuts;
        this.memory = this.cuts == SafeCuts.NOWHERE || memory == 0 ? null : new SliceMemory(memory);
    }

    /** Receives the ids of one piece, which it must not change; false ends the tokenizing. */
    @FunctionalInterface
    private interface Pieces {
        boolean take(int[] ids);
    }

    /** The ids of a text; {@code special} adds the tokens that the model expects around it. */
    public int[] encode(String text, boolean special) {
        return encode(text, special, () -> false);
    }

    /**
     * The same.
     *
     * @param unwanted asked now and then; true ends the work
     * @throws CancellationException if nobody wants to know any more
     */
    public int[] encode(String text, boolean special, BooleanSupplier unwanted) {
        if (around == null) {
            return whole(text, special, unwanted);
        }
        IdList ids = new IdList(text.length() / 3);
        if (special) {
            ids.add(around.before());
        }
        each(text, unwanted, piece -> {
            ids.add(piece);
            return true;
        });
        if (special) {
            ids.add(around.after());
        }
        return ids.toArray();
    }

    /**
     * How many tokens a text has. Counting may stop once there are more than {@code enough}; what is returned then is more
     * than that and at most the number.
     *
     * @param unwanted asked now and then; true ends the counting
     * @throws CancellationException if nobody wants to know any more
     */
    public int count(String text, boolean special, int enough, BooleanSupplier unwanted) {
        if (around == null) {
            return whole(text, special, unwanted).length;
        }
        int[] count = {special ? around.count() : 0};
        each(text, unwanted, piece -> {
            count[0] += piece.length;
            return count[0] <= enough;
        });
        return count[0];
    }

    private int[] whole(String text, boolean special, BooleanSupplier unwanted) {
        stopIf(unwanted);
        return encoder.encode(text, special);
    }

    private static void stopIf(BooleanSupplier unwanted) {
        if (unwanted.getAsBoolean()) {
            throw new CancellationException("nobody waits for these tokens any more");
        }
    }

    private void each(String text, BooleanSupplier unwanted, Pieces pieces) {
        int start = 0;
        while (start < text.length()) {
            stopIf(unwanted);
            int end = cuts.end(text, start);
            if (!pieces.take(piece(text, start, end))) {
                return;
            }
            start = end;
        }
    }

    /** The last piece of a text is not kept: it will be another one when the text has grown. */
    private int[] piece(String text, int start, int end) {
        String piece = text.substring(start, end);
        if (memory == null || end == text.length()) {
            return encoder.encode(piece, false);
        }
        int @Nullable [] known = memory.find(piece);
        if (known == null) {
            known = encoder.encode(piece, false);
            memory.keep(piece, known);
        }
        return known;
    }

    /** The tokens of a text as the vocabulary writes them. */
    public List<String> pieces(String text, boolean special) {
        return Arrays.asList(encoder.pieces(text, special));
    }

    /** The text of some ids, special tokens included; ids that there are not are left out. */
    public String decode(int[] ids) {
        return encoder.decode(ids);
    }

    /** True if it tokenizes long texts in pieces. */
    public boolean cuts() {
        return cuts != SafeCuts.NOWHERE;
    }

    /** Pieces that were found in the memory. */
    public long hits() {
        return memory == null ? 0 : memory.hits();
    }

    /** Pieces that were not. */
    public long misses() {
        return memory == null ? 0 : memory.misses();
    }

    /** Bytes of the memory in use, more or less. */
    public long memoryBytes() {
        return memory == null ? 0 : memory.bytes();
    }
}
