package io.penstock.router.disaggregate;

import io.penstock.proxy.api.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One hand-over of a KV cache, as both engines are told of it. Threading: immutable.
 *
 * @param prefill the engine that prefills
 * @param room names the hand-over: 0 to 2^63-1
 * @param prompts how many prompts the request has
 * @param rank which rank of the prefill engine prefills; null where the protocol does not ask
 */
record Transfer(Endpoint prefill, long room, int prompts, BootstrapIds.@Nullable Rank rank) {

    /** The name where text is wanted. */
    String id() {
        return "xfer-" + Long.toHexString(room);
    }
}
