package io.penstock.proxy.api;

import java.util.Locale;

/** Why events of a stream that were held went to the client. Threading: immutable. */
public enum FlushReason {
    /** An event of a choice that had no content before. */
    FIRST,
    /** As many events as the interval says were held. */
    EVENTS,
    /** The first of them was held for as long as the interval allows. */
    DELAY,
    /** A choice ended. */
    FINISH,
    /** The stream's usage. */
    USAGE,
    /** A call of a tool began. */
    TOOL_CALL,
    /** An error event. */
    ERROR,
    /** A comment. */
    COMMENT,
    /** {@code [DONE]}. */
    DONE,
    /** A typed event that begins or ends a part of the answer. */
    STRUCTURE,
    /** As many bytes as the interval allows were held, or one event is larger. */
    BYTES,
    /** The engine is slower than the interval: nothing is gained by holding. */
    SLOW_ENGINE,
    /** The client reads slower than the engine sends: what waits for it waits in its connection. */
    SLOW_CLIENT,
    /** The answer ended. */
    END,
    /** The answer was cut. */
    CUT;

    /** The value of the metrics' label {@code reason}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
