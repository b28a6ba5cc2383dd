package io.penstock.proxy.api;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do with one request. Threading: immutable; made and consumed on the client's event loop. */
public sealed interface RouteDecision {

    /**
     * Send it to an engine.
     *
     * @param endpoint the engine
     * @param ticket already open; whoever receives this decision must end it
     * @param plan for labels, time limits and another engine
     * @param edits what the engine is sent differently from what the client sent
     * @param sibling a leg without which the engine cannot begin to answer, or null: until the first byte of its answer goes to the
     *     client, fails the attempt with its own failure
     */
    record Forward(
            Endpoint endpoint,
            Ticket ticket,
            RoutePlan plan,
            RequestEdits edits,
            @Nullable Future<?> sibling) implements RouteDecision {

        /** Depends on no other engine. */
        public Forward(Endpoint endpoint, Ticket ticket, RoutePlan plan, RequestEdits edits) {
            this(endpoint, ticket, plan, edits, null);
        }

        /** Sends the client's headers, and its body with these replacements. */
        public Forward(Endpoint endpoint, Ticket ticket, RoutePlan plan, List<BodySplice> splices) {
            this(endpoint, ticket, plan, new RequestEdits(splices, HeaderEdits.NONE));
        }

        /** The replacements in the body. */
        public List<BodySplice> splices() {
            return edits.splices();
        }
    }

    /**
     * Answer it here.
     *
     * @param status the HTTP status
     * @param headers the answer's headers, {@code Content-Type} among them; its length is added; owned like the body
     * @param body the answer's body, owned by whoever receives this decision; for HEAD the one of GET, which is measured
     *     and not sent
     * @param labels the names the request is counted under
     */
    record Answer(int status, HttpHeaders headers, ByteBuf body, RouteLabels labels) implements RouteDecision {

        /** An answer with a body of this media type and no other header. */
        public Answer(int status, String contentType, ByteBuf body, RouteLabels labels) {
            this(
                    status,
                    DefaultHttpHeadersFactory.headersFactory()
                            .newHeaders()
                            .set(HttpHeaderNames.CONTENT_TYPE, contentType),
                    body,
                    labels);
        }
    }

    /**
     * Refuse it.
     *
     * @param failure what the client is told
     * @param labels the names the request is counted under
     * @param headers changes of the refusal's headers
     * @param requester whose request it is, as far as that is known
     */
    record Reject(ProxyFailure failure, RouteLabels labels, HeaderEdits headers, Requester requester)
            implements RouteDecision {

        /** A refusal of somebody's request. */
        public Reject(ProxyFailure failure, RouteLabels labels, HeaderEdits headers) {
            this(failure, labels, headers, Requester.UNKNOWN);
        }

        /** A refusal without headers of the router's own. */
        public Reject(ProxyFailure failure, RouteLabels labels) {
            this(failure, labels, HeaderEdits.NONE);
        }
    }
}
