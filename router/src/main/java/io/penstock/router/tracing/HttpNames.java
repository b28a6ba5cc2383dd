package io.penstock.router.tracing;

import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.http.RequestHead;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Methods and paths from bounded sets, as names of spans must be: clients may send any. Threading: pure functions.
 */
final class HttpNames {

    /** Of the GenAI conventions, by path. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "/v1/chat/completions", "chat",
            "/v1/responses", "chat",
            "/v1/messages", "chat",
            "/v1/completions", "text_completion",
            "/v1/embeddings", "embeddings");

    private static final Set<String> OTHER_PATHS = Set.of(
            "/v1/models",
            "/v1/rerank",
            "/v1/score",
            "/v1/audio/transcriptions",
            "/v1/audio/translations",
            "/v1/audio/speech",
            "/v1/images/generations",
            "/tokenize",
            "/detokenize",
            "/generate",
            "/pooling",
            "/classify",
            "/health");

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS,
            HttpMethod.TRACE,
            HttpMethod.PATCH);

    private HttpNames() {}

    /** {@code POST /v1/chat/completions}, or the method alone where the path is not known. */
    static String span(RequestHead head) {
        String route = route(head.path());
        String method = isKnown(head.method()) ? head.method().name() : "HTTP";
        return route == null ? method : method + " " + route;
    }

    static boolean isKnown(HttpMethod method) {
        return METHODS.contains(method);
    }

    /** The path, if it is one of engines that are known. */
    static @Nullable String route(String path) {
        return OPERATIONS.containsKey(path) || OTHER_PATHS.contains(path) ? path : null;
    }

    /** What the model is asked to do, if the path tells. */
    static @Nullable String operation(String path) {
        return OPERATIONS.get(path);
    }
}
