package io.penstock.proxy.api;

import io.netty.handler.codec.http.HttpHeaders;

/** Follows one attempt. Threading: called on the client's event loop; must not block or throw. */
public interface AttemptTrace {

    /** Follows nothing. */
    AttemptTrace NONE = new AttemptTrace() {};

    /**
     * The request goes to the engine with these headers, which may be added to. Called once more if it is sent again, on another
     * connection to the same engine.
     */
    default void sending(HttpHeaders toEngine) {}

    /** The request is on a connection, which was waited for. */
    default void sent(long waitedNanos) {}

    /** The response head arrived. */
    default void head(int status) {}

    /** The first of the response's body goes to the client. */
    default void answering() {}

    /** The attempt is over. */
    default void ended(AttemptEnd end) {}
}
