package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What all chunks of one answer share besides its id. Threading: immutable.
 *
 * @param created seconds since 1970
 * @param fingerprint the engine's version
 * @param tellsCachedTokens whether usage tells cached tokens
 * @param eventEnd what closes each streamed event
 * @param kv what it has to do with other engines
 */
record AnswerStamp(long created, String fingerprint, boolean tellsCachedTokens, EventEnd eventEnd, KvPart kv) {

    /** The version vLLM would have, for {@code /version} and {@code system_fingerprint}. */
    static final String VERSION = "0.26.0";

    /** The first four fields of every chunk and body. */
    ObjectNode start(String id, String object, String model) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    /** The cached tokens, or -1 where usage does not tell them. */
    int told(int cachedTokens) {
        return tellsCachedTokens ? cachedTokens : -1;
    }
}
