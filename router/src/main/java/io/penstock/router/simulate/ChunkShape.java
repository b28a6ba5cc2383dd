package io.penstock.router.simulate;

import org.jspecify.annotations.Nullable;

/**
 * What distinguishes the chunks of chat from those of completions, as vLLM writes them. Threading: immutable.
 *
 * @param object the chunk's type
 * @param role what the choice's first chunk holds behind its index; null where there is no such chunk
 * @param roleTail the fields behind the choices of that chunk
 * @param textOpen between index and text
 * @param textClose behind the text of a token that is not the last
 * @param finishFormat behind the last text; gets finish reason and stop reason
 */
record ChunkShape(
        String object, @Nullable String role, String roleTail, String textOpen, String textClose, String finishFormat) {

    static final ChunkShape CHAT = new ChunkShape(
            "chat.completion.chunk",
            ",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}",
            ",\"prompt_token_ids\":null,\"prompt_text\":null",
            ",\"delta\":{\"content\":\"",
            "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}",
            "\"},\"logprobs\":null,\"finish_reason\":\"%s\",\"stop_reason\":%s,\"token_ids\":null}");

    static final ChunkShape COMPLETION = new ChunkShape(
            "text_completion",
            null,
            "",
            ",\"text\":\"",
            "\",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}",
            "\",\"logprobs\":null,\"finish_reason\":\"%s\",\"stop_reason\":%s,\"prompt_token_ids\":null,\"token_ids\":null}");
}
