package io.penstock.router.disaggregate;

import io.penstock.proxy.api.Endpoint;

/**
 * One hand-over of a KV cache, as both engines are told of it. Threading: immutable.
 *
 * @param prefill the engine that prefills
 * @param room names the hand-over: 0 to 2^63-1
 * @param prompts how many prompts the request has
 * @param engineId what the prefill engine calls itself; empty where the protocol does not ask
 */
record Transfer(Endpoint prefill, long room, int prompts, String engineId) {

    /** The name where text is wanted. */
    String id() {
        return "xfer-" + Long.toHexString(room);
    }
}
