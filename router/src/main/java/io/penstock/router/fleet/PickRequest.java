package io.penstock.router.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy may look at when it picks an engine for one request. Threading: confined to the request's loop.
 *
 * @param session the request's session, or null if it has none
 * @param excluded engines that must not be picked, as they were tried already or lack the model; usually empty
 * @param promptTokens how many tokens its prompt has, as far as it is known
 * @param again true if another engine was tried before
 */
public record PickRequest(@Nullable SessionKey session, List<Engine> excluded, int promptTokens, boolean again) {

    /** A request whose prompt weighs nothing. */
    public PickRequest(@Nullable SessionKey session, List<Engine> excluded, boolean again) {
        this(session, excluded, 0, again);
    }

    /** True if this engine may be picked for the request. */
    public boolean allows(Engine engine) {
        return excluded.isEmpty() || !excluded.contains(engine);
    }
}
