package io.penstock.router.config;

/** What became of one written value. Threading: immutable. */
sealed interface Reading {

    /** It means this. */
    record Accepted(Object value) implements Reading {}

    /** It cannot be taken, for the reason in {@code message}. */
    record Refused(String message) implements Reading {}
}
