package io.penstock.proxy.upstream;

/** One request on its way, as its sender holds it. Threading: confined to the pool's event loop. */
public interface UpstreamStream {

    /**
     * Ends the request at once: a waiting one never connects, a running one closes its HTTP/1.1 connection or resets its
     * HTTP/2 stream, which makes the engine abort. The sink hears nothing more. Harmless when the request has ended.
     */
    void cancel();

    /** Stops reading from the engine; what is already read still arrives. */
    void pauseReads();

    /** Reads from the engine again. */
    void resumeReads();
}
