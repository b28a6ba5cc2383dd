package io.penstock.router.request;

/** Top-level fields of a body that are kept from an engine for the same reason. Threading: immutable. */
public enum FieldGroup {
    /** They name hosts that an engine connects to, or what it finds there. */
    HOSTS,
    /** They take another prompt than the one that was routed, choose a data-parallel rank, or jump the queue. */
    PRIVILEGES,
    /** They say how much is generated and in which form it is sent. */
    LENGTH
}
