package io.penstock.proxy.upstream;

/**
 * One connection to an engine, whatever it speaks: what {@link EnginePool} needs to know of it. Threading: confined to its
 * channel's event loop.
 */
sealed interface UpstreamConnection permits Http1Connection, Http2Connection {

    /** How many more requests it can take now; 0 when it is busy, draining or closed. */
    int freeStreams();

    /** True when no request runs on it. */
    boolean isIdle();

    /** When it last became idle. */
    long idleSinceNanos();

    /** Sends a request, which it takes over; {@link #freeStreams()} must be positive. */
    UpstreamStream send(UpstreamRequest request, ResponseSink sink);

    /** Takes no more requests; closes now when idle, otherwise with its last response. */
    void retire();
}
