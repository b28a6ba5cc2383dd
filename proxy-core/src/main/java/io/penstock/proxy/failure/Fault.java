package io.penstock.proxy.failure;

/** Whose fault a failure is. Engines are only judged by {@link #ENGINE} failures. Threading: immutable. */
public enum Fault {
    /** The client sent something wrong, or left. */
    CLIENT,
    /** The router could not or would not serve the request. */
    ROUTER,
    /** An engine did not answer as it should. */
    ENGINE
}
