package io.penstock.router.simulate;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the engine and what each does; unknown paths get FastAPI's answers. Threading: immutable once built. */
final class Operations {

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    private final Map<String, Map<HttpMethod, Operation>> byPath = new LinkedHashMap<>();

    /** Adds what {@code method} does on {@code path}. */
    Operations with(HttpMethod method, String path, Operation operation) {
        byPath.computeIfAbsent(path, any -> new LinkedHashMap<>()).put(method, operation);
        return this;
    }

    /** Answers the request, with an error if need be. */
    void answer(EngineRequest request, Reply reply) {
        try {
            find(request).answer(request, reply);
        } catch (RequestRefused refused) {
            reply.error(refused.error());
        } catch (RuntimeException e) {
            log.error("simulated engine failed on {} {}", request.method(), request.path(), e);
            reply.whole(500, "text/plain; charset=utf-8", ascii("Internal Server Error"));
        }
    }

    private Operation find(EngineRequest request) {
        Map<HttpMethod, Operation> methods = byPath.get(request.path());
        if (methods == null) {
            return (any, same) -> same.whole(404, "application/json", ascii("{\"detail\":\"Not Found\"}"));
        }
        Operation operation = methods.get(request.method());
        if (operation == null) {
            String allowed = methods.keySet().iterator().next().name();
            byte[] body = ascii("{\"detail\":\"Method Not Allowed\"}");
            return (any, same) -> same.whole(405, "application/json", body, "allow", allowed);
        }
        return operation;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
