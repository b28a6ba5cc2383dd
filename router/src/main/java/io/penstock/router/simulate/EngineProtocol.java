package io.penstock.router.simulate;

/** A protocol a simulated engine speaks on its one port. Threading: immutable. */
public enum EngineProtocol {
    /** HTTP/1.1 with keep-alive, as uvicorn speaks it. */
    HTTP1,
    /** HTTP/2 over plain TCP by prior knowledge (RFC 9113, section 3.3). */
    H2C
}
