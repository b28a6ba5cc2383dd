package io.penstock.router.config;

/**
 * Which of the waiting requests of a pool goes first; written in lower case, the same in the header {@code
 * x-penstock-priority}. Threading: immutable.
 */
public enum Priority {
    /** Before all others. */
    HIGH,
    /** The usual. */
    NORMAL,
    /** When no other waits. */
    LOW;

    /** The later of two. */
    public Priority orLower(Priority other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
