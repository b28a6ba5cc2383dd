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
 * @param textOnly false if there is something else than text and ids in its prompts, such as a picture
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

    /** So many tokens, or as many as are left of them after the truncation the request asks for. */
    long truncated(long tokens, long maxModelLen) {
        if (truncation >= 0) {
            return Math.min(tokens, truncation);
        }
        return truncation == -1 && maxModelLen > 0 ? Math.min(tokens, maxModelLen) : tokens;
    }
}
