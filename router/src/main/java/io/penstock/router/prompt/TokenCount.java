package io.penstock.router.prompt;

/**
 * How many tokens a request is about. Threading: immutable.
 *
 * @param total of all its prompts together
 * @param longest of its longest prompt, after the truncation it asks for
 * @param exact false if something in it is not counted but estimated
 * @param asked how many it wants to have generated at most; 0 if it does not say
 */
public record TokenCount(long total, long longest, boolean exact, long asked) {

    /**
     * True if an engine with so large a context would refuse it, as vLLM does: the prompt has to leave room for what is
     * asked for, or for one token. Never true for an estimate.
     *
     * @param generates whether tokens are generated
     */
    public boolean exceeds(long maxModelLen, boolean generates) {
        return exact && longest > maxModelLen - (generates ? Math.max(asked, 1) : 0);
    }
}
