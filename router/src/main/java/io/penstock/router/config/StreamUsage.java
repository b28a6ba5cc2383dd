package io.penstock.router.config;

/** Which streams tell the router what tokens they took. Threading: immutable. */
public enum StreamUsage {
    /** Those whose clients ask for it with {@code stream_options.include_usage}. */
    ASKED,
    /** All: the router asks for the other clients, and keeps from them what they did not ask for. */
    ALWAYS
}
