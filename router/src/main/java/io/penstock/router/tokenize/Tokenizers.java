package io.penstock.router.tokenize;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Makes tokenizers, checked. Blocks, so it is not for an event loop. Threading: any thread. */
public final class Tokenizers {

    /** The encodings there are. */
    public static final List<String> ENCODINGS =
            List.of("r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base");

    /** Those that split words and line ends as cl100k_base does; the others split as GPT-2 did. */
    private static final Set<String> MODERN = Set.of("cl100k_base", "o200k_base");

    /** More words than the 512 tokens that the library truncates to if left to itself. */
    private static final int SAMPLE_WORDS = 4000;

    private static final int FEWEST_TOKENS = 600;

    private Tokenizers() {}

    /**
     * Reads a {@code tokenizer.json}, or the one in a folder.
     *
     * @param memory bytes for what was tokenized lately; 0 for none
     * @throws TokenizerException if it is not there, no tokenizer, or not fit for use; the message names the file
     */
    public static Tokenizer huggingFace(Path path, long memory) throws TokenizerException {
        Path file = TokenizerFile.of(path);
        HuggingFaceEncoder encoder = HuggingFaceEncoder.load(file);
        int found = encoder.encode("a b ".repeat(SAMPLE_WORDS / 2), false).length;
        if (found < FEWEST_TOKENS) {
            throw new TokenizerException(
                    file + " loses text: it makes " + found + " tokens of " + SAMPLE_WORDS + " words");
        }
        return new Tokenizer(encoder, TokenizerFile.cuts(file), memory);
    }

    /** Loads one of {@link #ENCODINGS}. */
    public static Tokenizer tiktoken(String encoding, long memory) throws TokenizerException {
        SafeCuts cuts = MODERN.contains(encoding) ? SafeCuts.LINES : SafeCuts.WORDS;
        return new Tokenizer(TiktokenEncoder.of(encoding), cuts, memory);
    }

    /**
     * Looks whether a {@code tokenizer.json} is there and might be one, without loading it: that is done once, by
     * {@link #huggingFace}, as it takes time and memory.
     *
     * @throws TokenizerException if it is not; the message names the file
     */
    public static void check(Path path) throws TokenizerException {
        TokenizerFile.check(TokenizerFile.of(path));
    }
}
