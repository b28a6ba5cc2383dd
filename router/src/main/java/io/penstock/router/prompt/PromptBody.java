package io.penstock.router.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a request's body its tokens depend on, in the fields of vLLM's API. Threading: immutable.
 *
 * @param chat whether it has messages
 * @param texts its prompts that are text; for a chat, the texts in its messages
 * @param ids its prompts that are ids; for {@code /detokenize}, the tokens
 * @param messages how many messages
 * @param otherBytes bytes of what else goes into the prompt of a chat, such as tools
 * @param textOnly false if there is something else than text and ids in its prompts, such as a picture, or a template of its own
 * @param asked {@code max_completion_tokens}, else {@code max_tokens}; 0 if neither
 * @param truncation {@code truncate_prompt_tokens}; -1 is to what the model takes, {@link #NO_TRUNCATION} is none
 * @param addSpecial {@code add_special_tokens}, or null
 * @param wantsPieces {@code return_token_strs}
 */
record PromptBody(
        boolean chat,
        List<String> texts,
        List<int[]> ids,
        int messages,
        long otherBytes,
        boolean textOnly,
        long asked,
        long truncation,
        @Nullable Boolean addSpecial,
        boolean wantsPieces) {

    static final long NO_TRUNCATION = Long.MIN_VALUE;

    /**
     * So many tokens, or as many as are left of them after the truncation the request asks for: by -1 to what the model takes
     * beside what is to be generated.
     */
    long truncated(long tokens, PromptKind kind, long maxModelLen) {
        if (truncation >= 0) {
            return Math.min(tokens, truncation);
        }
        long generated = kind.generates() ? Math.max(asked, 1) : 0;
        return truncation == -1 ? Math.min(tokens, Math.max(0, maxModelLen - generated)) : tokens;
    }

    /** True if the tokens of its prompts can be known, as the engine would make them. */
    boolean isExact(PromptKind kind) {
        return textOnly && (chat ? kind.knowsChats() : kind.known());
    }
}
