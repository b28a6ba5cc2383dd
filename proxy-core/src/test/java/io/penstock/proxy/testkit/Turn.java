package io.penstock.proxy.testkit;

import java.nio.charset.StandardCharsets;

/**
 * One request on a scripted engine, and the script's means to answer it, the same for HTTP/1.1 and HTTP/2. Every call
 * that writes or waits throws {@link PeerLeftException} once the router has gone. Threading: the script's own thread;
 * calls block.
 */
public interface Turn {

    /** The request head, which is there from the start. */
    WireHead head();

    /** Waits for the whole request. */
    ReceivedRequest request();

    /** Writes the response head; header lines are {@code name: value}. A body, if any, has no announced length. */
    Turn respond(int status, String... headerLines);

    /** Writes a piece of the body. */
    Turn data(byte[] bytes);

    /** Ends the response in good order. */
    void end();

    /** Breaks the answer off: a TCP reset or RST_STREAM. */
    void reset();

    /** Whether the router ended the connection or stream. */
    boolean peerLeft();

    /** Writes a piece of the body as UTF-8. */
    default Turn data(String text) {
        return data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Starts an event stream. */
    default Turn eventStream() {
        return respond(200, "content-type: text/event-stream; charset=utf-8");
    }

    /** Writes one server-sent event. */
    default Turn event(String payload) {
        return data("data: " + payload + "\n\n");
    }

    /** Waits for a gate, or for the router to go. */
    default Turn await(Gate gate) {
        long deadline = System.nanoTime() + Gate.LIMIT.toNanos();
        while (!gate.isOpenWithin(java.time.Duration.ofMillis(5))) {
            if (peerLeft()) {
                throw new PeerLeftException("the router left before the gate opened");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("nobody opened the gate within " + Gate.LIMIT);
            }
        }
        return this;
    }

    /** Says nothing until the router goes. */
    default void awaitPeerLeft() {
        await(new Gate());
    }
}
