package io.penstock.proxy.api;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.http.RequestHead;

/**
 * One complete request as the router sees it. Threading: confined to {@link #loop()}.
 *
 * @param head the client's request head
 * @param body the whole body, lent: readable until the decision completes, never to be released, and its indexes not to
 *     be moved. A router that reads it on another thread retains it for that time.
 * @param loop the client's event loop, on which the decision is expected
 * @param legs sends what other engines have to do for it
 */
public record RoutingRequest(RequestHead head, ByteBuf body, EventExecutor loop, EngineLegs legs) {

    /** A request for which no legs can be sent. */
    public RoutingRequest(RequestHead head, ByteBuf body, EventExecutor loop) {
        this(head, body, loop, EngineLegs.NONE);
    }
}
