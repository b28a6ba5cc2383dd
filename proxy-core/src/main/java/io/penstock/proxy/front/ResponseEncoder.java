package io.penstock.proxy.front;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Netty's encoder for responses, told by the stream whose response is written whether it answers a HEAD request. Netty's own
 * server codec keeps a queue of methods for this, and ends a connection that pipelines more than 128 requests. Threading:
 * loop-confined.
 */
@LoopConfined
final class ResponseEncoder extends HttpResponseEncoder {

    private boolean answersHead;

    /** Tells whether the next response answers a HEAD request, and so has no body whatever its head says. */
    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        // asked for either way: it looks at the status for what the headers must not say
        boolean empty = super.isContentAlwaysEmpty(response);
        return answersHead || empty;
    }
}
