package io.penstock.router.simulate;

/**
 * What the engine keeps of a prompt: its length, its text's hash and the hashes of its full cache blocks, each of which
 * stands for everything up to its end. Threading: immutable.
 *
 * @param count tokens
 * @param textHash fixes the generated text
 * @param blocks one hash per full block of {@link #BLOCK} tokens; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent")
record PromptTokens(int count, long textHash, long[] blocks) {

    /** Tokens per cache block, vLLM's default. */
    static final int BLOCK = 16;

    /** Tokenizes {@code text}; {@code root} separates caches, by model and {@code cache_salt}. */
    static PromptTokens of(String text, long root) {
        int[] tokens = SimulatedTokenizer.encode(text);
        long[] blocks = new long[tokens.length / BLOCK];
        long hash = root;
        for (int i = 0; i < blocks.length * BLOCK; i++) {
            hash = Mixing.mix(hash, tokens[i]);
            if (i % BLOCK == BLOCK - 1) {
                blocks[i / BLOCK] = hash;
            }
        }
        return new PromptTokens(tokens.length, Mixing.of(text), blocks);
    }
}
