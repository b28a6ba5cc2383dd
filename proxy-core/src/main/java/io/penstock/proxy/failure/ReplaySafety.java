package io.penstock.proxy.failure;

/** How far an attempt came before it failed, which decides whether another attempt may follow. Threading: immutable. */
public enum ReplaySafety {
    /** No byte of the request reached the engine: always safe to send again. */
    NOT_SENT,
    /** A reused connection died before a single response byte: the keep-alive race, safe to send again. */
    STALE_CONNECTION,
    /** The engine had the request and may have worked on it, but no response byte came back. */
    SENT_NOTHING_BACK,
    /** The engine answered with an error, and the client has seen nothing of it: another engine may be asked. */
    REFUSED,
    /** Response bytes arrived: never a second answer. */
    ANSWER_STARTED;

    /** True if no engine can have worked on the request, so that another one may be asked. */
    public boolean isSafe() {
        return this == NOT_SENT || this == STALE_CONNECTION;
    }
}
