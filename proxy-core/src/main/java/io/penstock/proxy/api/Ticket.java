package io.penstock.proxy.api;

/**
 * One admitted attempt on one engine. The router opens it inside the pick, in the same step that counts it; the
 * exchange ends it exactly once, when the response <em>body</em> ends, fails or is abandoned, never at the head.
 *
 * <p>Threading: ended on the client's event loop.
 */
@FunctionalInterface
public interface Ticket {

    /**
     * The request was handed to a connection. Called before {@link #answering}, once more where a pooled connection had died, on the
     * client's event loop; must not block or throw.
     */
    default void sent() {}

    /**
     * The first byte of the response body arrived: more than a head says, which engines send before they begin. Called
     * at most once, before {@link #end}, on the client's event loop; must not block or throw.
     *
     * @param status the engine's HTTP status
     */
    default void answering(int status) {}

    /**
     * Ends the ticket.
     *
     * <p>Called on the client's event loop. Must not block or throw. A second call is a defect, and implementations
     * should assert against it.
     */
    void end(AttemptEnd end);
}
