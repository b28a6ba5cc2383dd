package io.penstock.router.disaggregate;

import io.penstock.router.request.InferenceRequest;

/** How long prompts are. Threading: called on event loops; must not block. */
@FunctionalInterface
public interface PromptTokens {

    /** By the bytes of the prompt, where nobody has counted its tokens. */
    PromptTokens ESTIMATED = InferenceRequest::estimatedTokens;

    /** Tokens of the prompt, at least 1. */
    int of(InferenceRequest request);
}
