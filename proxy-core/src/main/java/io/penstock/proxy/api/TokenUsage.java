package io.penstock.proxy.api;

/**
 * What an answer told of the tokens it took; -1 for what it did not tell. Threading: immutable.
 *
 * @param prompt tokens of the prompt, those out of a cache included
 * @param cached how many of them the engine had in its cache
 * @param completion tokens the engine made
 */
public record TokenUsage(long prompt, long cached, long completion) {

    /** Prompt and completion together, as far as they are known. */
    public long total() {
        return Math.max(0, prompt) + Math.max(0, completion);
    }
}
