package io.penstock.router.disaggregate;

import io.penstock.router.request.InferenceRequest;

/**
 * How vLLM is asked for a prefill and nothing more: one token, whatever the client wanted, in a whole answer. Threading: pure
 * functions.
 */
final class OneToken {

    private OneToken() {}

    /** The fields in place of the client's own; {@code max_completion_tokens} only where it would win over the others. */
    static String fields(InferenceRequest request) {
        return request.hasMaxCompletionTokens()
                ? "\"stream\":false,\"max_tokens\":1,\"max_completion_tokens\":1"
                : "\"stream\":false,\"max_tokens\":1";
    }
}
