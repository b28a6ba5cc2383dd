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
 * @param model the model as its engine knows it, or null
 * @param label what the model is called in logs: a name out of a bounded number
 * @param engine an engine of its pool that may be asked, or null
 * @param wants what its route does with tokens
 * @param unwanted true when nobody waits for the tokens any more
 */
public record PromptCall(
        RoutingRequest request,
        String path,
        @Nullable String model,
        String label,
        @Nullable Endpoint engine,
        RouteTokensConfig wants,
        BooleanSupplier unwanted) {

    PromptKind kind() {
        return PromptKind.of(path);
    }

    /** Counting may stop beyond this, as the request is refused then. */
    int enough() {
        return wants.maxModelLen() > 0 && kind().isLimited() ? wants.maxModelLen() : Integer.MAX_VALUE;
    }
}
