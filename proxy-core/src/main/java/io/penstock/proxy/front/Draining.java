package io.penstock.proxy.front;

/** The events that tell a client's channel that the router ends. Threading: immutable. */
public enum Draining {
    /** The channel closes once its response is complete. */
    BEGINS,
    /** The response is completed as well as it can be at once, then the channel closes. */
    ENDS
}
