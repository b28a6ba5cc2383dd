package io.penstock.proxy.front;

/** The event that tells a client's channel to close once its response is complete. Threading: immutable. */
public enum Draining {
    /** The only value. */
    BEGINS
}
