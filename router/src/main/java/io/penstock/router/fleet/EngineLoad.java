package io.penstock.router.fleet;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one engine has to do for this router: how many requests it holds, and how many tokens of prompts it has not answered
 * with a first byte yet. Both are in one word, so that they are read, compared and raised together.
 *
 * <p>Threading: counter, without locks.
 */
final class EngineLoad {

    /** More tokens of one prompt than this weigh as much as this. */
    static final int MAX_PROMPT = 1 << 27;

    private static final int TOKEN_BITS = 44;
    private static final long TOKENS = (1L << TOKEN_BITS) - 1;
    private static final long REQUEST = 1L << TOKEN_BITS;

    private final AtomicLong word = new AtomicLong();

    /** Requests and tokens of one moment, to compare with later. */
    long seen() {
        return word.get();
    }

    static int requests(long seen) {
        return (int) (seen >>> TOKEN_BITS);
    }

    static long promptTokens(long seen) {
        return seen & TOKENS;
    }

    /** Takes a request with a prompt of so many tokens, if all is as it was seen. */
    boolean begin(long seen, int promptTokens) {
        return word.compareAndSet(seen, seen + REQUEST + weight(promptTokens));
    }

    /** The prompt of a request has been worked off. */
    void prefilled(int promptTokens) {
        word.getAndAdd(-weight(promptTokens));
    }

    /** A request ended whose prompt was worked off before. */
    void end() {
        word.getAndAdd(-REQUEST);
    }

    private static long weight(int promptTokens) {
        return Math.max(0, Math.min(promptTokens, MAX_PROMPT));
    }
}
