package io.penstock.router.prompt;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.router.config.RouteTokensConfig;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request whose tokens are wanted. Threading: immutable; {@code unwanted} is asked on other threads.
 *
 * @param request the request, whose body is held for as long as another thread reads it
 * @param path its plain path
 * @param bytes how long its prompt is
 * @param model the model, for the log
 * @param engine an engine of its pool that may be asked, or null
 * @param wants what its route does with tokens
 * @param unwanted true when nobody waits for the tokens any more
 */
public record PromptCall(
        RoutingRequest request,
        String path,
        int bytes,
        String model,
        @Nullable Endpoint engine,
        RouteTokensConfig wants,
        BooleanSupplier unwanted) {

    PromptKind kind() {
        return PromptKind.of(path);
    }

    /** Counting may stop beyond this, as the request is refused then. */
    int enough() {
        return wants.maxModelLen() > 0 ? wants.maxModelLen() : Integer.MAX_VALUE;
    }
}
