package io.penstock.proxy.exchange;

/** How far an {@link Exchange} has come. Threading: immutable. */
enum ExchangePhase {
    /** The request body is arriving. */
    READING,
    /** The router decides. */
    ROUTING,
    /** An attempt waits for a connection or for the engine's response head. */
    ASKING,
    /** A response head went to the client: no other attempt may follow. */
    ANSWERING,
    /** Answered, cut or abandoned. */
    DONE
}
