package io.penstock.router.route;

import java.util.Locale;

/** How a request's wait for room on an engine ended. Threading: immutable. */
public enum WaitEnd {
    /** It was given an engine. */
    ADMITTED,
    /** It waited as long as its pool allows. */
    MAX_WAIT,
    /** It waited as long as its client does, by {@code x-penstock-timeout}. */
    CLIENT_TIMEOUT,
    /** Its client left. */
    CLIENT_GONE,
    /** No engine of the pool may be picked any more. */
    NO_ENGINE;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
