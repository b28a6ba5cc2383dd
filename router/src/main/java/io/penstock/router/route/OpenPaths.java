package io.penstock.router.route;

import java.util.Locale;
import java.util.Set;

/**
 * Which engine paths clients may use without a route that opens more. The list is of what is open, so a path an engine
 * gains tomorrow is closed until somebody decides otherwise. Under {@code /v1/} it is the other way round, as the OpenAI
 * API grows there; the administrative paths engines have put there are named.
 *
 * <p>Threading: immutable.
 */
final class OpenPaths {

    /** Inference outside of {@code /v1/}: vLLM's, SGLang's, TGI's and Cohere's names for it. */
    private static final Set<String> OPEN = Set.of(
            "/tokenize",
            "/detokenize",
            "/score",
            "/rerank",
            "/v2/rerank",
            "/v2/embed",
            "/pooling",
            "/classify",
            "/generative_scoring",
            "/generate",
            "/generate_stream",
            "/encode",
            "/inference/v1/generate",
            "/cohere/v2/chat");

    /** Administration under {@code /v1/}: adapters of vLLM, load of SGLang. */
    private static final Set<String> CLOSED_V1 =
            Set.of("/v1/load_lora_adapter", "/v1/unload_lora_adapter", "/v1/loads", "/v1/load", "/v1/metrics");

    private OpenPaths() {}

    /** True if a plain path, as {@link RequestPath} makes it, is open to clients. */
    static boolean contains(String path) {
        if (path.startsWith("/v1/")) {
            return !CLOSED_V1.contains(path.toLowerCase(Locale.ROOT));
        }
        return OPEN.contains(path);
    }
}
