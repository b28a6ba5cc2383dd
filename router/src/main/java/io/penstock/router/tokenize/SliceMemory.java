package io.penstock.router.tokenize;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The ids of pieces of text that were tokenized lately, so that of a conversation that has grown by a turn only the turn is
 * tokenized. Bounded by bytes; a piece is compared by its text and not by a hash alone, so nothing is ever found for another
 * text. Arrays are shared: nobody writes to them.
 *
 * <p>Threading: any thread.
 */
final class SliceMemory {

    /** What an entry takes besides its characters and ids, more or less. */
    private static final int OVERHEAD = 160;

    private final Cache<String, int[]> known;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** Remembers as much as fits into so many bytes. */
    SliceMemory(long bytes) {
        known = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((String text, int[] ids) -> OVERHEAD + 2 * text.length() + Integer.BYTES * ids.length)
                .executor(Runnable::run)
                .build();
    }

    int @Nullable [] find(String text) {
        int[] ids = known.getIfPresent(text);
        (ids == null ? misses : hits).increment();
        return ids;
    }

    void keep(String text, int[] ids) {
        known.put(text, ids);
    }

    /** Pieces that were found. */
    long hits() {
        return hits.sum();
    }

    /** Pieces that were not. */
    long misses() {
        return misses.sum();
    }

    /** Bytes in use, more or less. */
    long bytes() {
        known.cleanUp();
        return known.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
