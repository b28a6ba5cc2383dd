package io.penstock.router.simulate;

/**
 * What a simulated engine answers: an endless sequence of tokens fixed by the seed, the prompt and the choice, so that
 * a test can name every byte it must receive. Threading: immutable.
 */
public final class SimulatedText {

    private final long state;
    private final boolean plain;

    private SimulatedText(long state, boolean plain) {
        this.state = state;
        this.plain = plain;
    }

    /** The first choice for {@code prompt}, which for a chat is {@link ChatPrompt}'s rendering. */
    public static SimulatedText of(long seed, String prompt) {
        return of(seed, prompt, 0);
    }

    /** Choice {@code choice} of {@code n} for {@code prompt}. */
    public static SimulatedText of(long seed, String prompt, int choice) {
        return of(seed, Mixing.of(prompt), choice);
    }

    static SimulatedText of(long seed, long promptHash, int choice) {
        return new SimulatedText(Mixing.mix(Mixing.mix(seed, promptHash), choice), false);
    }

    /** A text without anything but words, a comma, a full stop and a colon. */
    public SimulatedText plain() {
        return new SimulatedText(state, true);
    }

    /** Token number {@code index}, counted from 0. */
    public String token(int index) {
        return Vocabulary.text(Mixing.mix(state, index), plain);
    }

    /** The same token inside a JSON string; not to be written to. */
    byte[] json(int index) {
        return Vocabulary.json(Mixing.mix(state, index), plain);
    }

    /** The first {@code tokens} tokens in one string. */
    public String first(int tokens) {
        StringBuilder text = new StringBuilder(tokens * 6);
        for (int i = 0; i < tokens; i++) {
            text.append(token(i));
        }
        return text.toString();
    }

    /** After how many tokens it ends by itself, the end token included, where answers have {@code mean} on average. */
    public int naturalTokens(int mean) {
        int shortest = Math.max(1, mean / 2);
        return shortest + (int) Long.remainderUnsigned(Mixing.mix(state, -2), mean);
    }

    /** The whole text of an answer of at most {@code maxTokens} on an engine with {@code mean} tokens per answer. */
    public String answer(int maxTokens, int mean) {
        int natural = naturalTokens(mean);
        return first(maxTokens < natural ? maxTokens : natural - 1);
    }
}
