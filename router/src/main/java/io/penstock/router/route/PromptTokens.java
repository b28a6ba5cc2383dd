package io.penstock.router.route;

import io.penstock.router.prompt.TokenCount;
import io.penstock.router.request.InferenceRequest;

/**
 * What is known of the tokens of a request when it is admitted. Threading: immutable.
 *
 * @param weight how much its prompt weighs for the engine that gets it: counted, else a fourth of its bytes
 * @param charge what limits on tokens are charged
 * @param counted how many were counted, exactly or as an estimate by its tokenizer; -1 if nobody counted
 */
record PromptTokens(int weight, long charge, long counted) {

    /** Nobody counted. */
    static PromptTokens estimated(InferenceRequest request) {
        return new PromptTokens(request.estimatedTokens(), request.estimatedTokens(), -1);
    }

    /**
     * They were counted.
     *
     * @param charged whether limits are charged by the count
     */
    static PromptTokens counted(TokenCount count, boolean charged, InferenceRequest request) {
        int weight = (int) Math.min(count.total(), Integer.MAX_VALUE);
        return new PromptTokens(weight, charged ? count.total() : request.estimatedTokens(), count.total());
    }
}
