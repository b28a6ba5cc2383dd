package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Token counts as vLLM writes them. Threading: immutable. */
record Usage(int promptTokens, int completionTokens) {

    /** Adds {@code usage} to {@code parent}; {@code cachedTokens} below 0 are not told. */
    void into(ObjectNode parent, int cachedTokens) {
        ObjectNode usage = parent.putObject("usage");
        usage.put("prompt_tokens", promptTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        usage.put("completion_tokens", completionTokens);
        if (cachedTokens >= 0) {
            usage.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
        }
    }

    /** The same as text, without cached tokens. */
    String json() {
        return "{\"prompt_tokens\":" + promptTokens + ",\"total_tokens\":" + (promptTokens + completionTokens)
                + ",\"completion_tokens\":" + completionTokens + "}";
    }
}
