package io.penstock.proxy.api;

import org.jspecify.annotations.Nullable;

/**
 * Whose request one is, as far as the router knows. Nothing of it is a secret. Threading: immutable.
 *
 * @param session a hash of its session's id, or null without a session
 * @param key the name of the key it came with, or null
 */
public record Requester(@Nullable Long session, @Nullable String key) {

    /** Somebody. */
    public static final Requester UNKNOWN = new Requester(null, null);
}
