package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.sse.UsageFilter;
import org.jspecify.annotations.Nullable;

/**
 * One engine's answer on its way to the client: measured as it came, then without what only the router asked for, then relayed.
 * Threading: loop-confined.
 */
@LoopConfined
final class EngineAnswer {

    private final ExchangeContext context;
    private final ClientStream client;
    private final RouteDecision.Forward forward;
    private final ResponseRelay relay;
    private final AnswerMeter meter;

    private @Nullable UsageFilter filter;

    EngineAnswer(Exchange exchange, RouteDecision.Forward forward, ResponseRelay relay, AnswerMeter meter) {
        this.context = exchange.context();
        this.client = exchange.client();
        this.forward = forward;
        this.relay = relay;
        this.meter = meter;
    }

    void head(HttpResponse head) {
        meter.head(head);
        if (forward.edits().hidesUsage() && ResponseRelay.isEventStream(head)) {
            filter = new UsageFilter(client.allocator(), relay::content);
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        relay.head(head);
        relay.holdEvents(head, forward.plan().streamInterval(), context.wheel());
    }

    /** A piece of the body, taken over; false if the client does not read fast enough. */
    boolean content(ByteBuf piece, long nowNanos, long waitedNanos) {
        relay.arrived(nowNanos, waitedNanos);
        meter.content(piece, nowNanos);
        if (filter == null) {
            return relay.content(piece);
        }
        filter.content(piece);
        return client.isWritable();
    }

    /** As {@link #content}, for whole chunks with their framing. */
    boolean chunks(ByteBuf framed, int dataBytes, long nowNanos, long waitedNanos) {
        relay.arrived(nowNanos, waitedNanos);
        meter.chunks(framed, nowNanos);
        if (filter == null || filter.passes(framed)) {
            return relay.chunks(framed, dataBytes);
        }
        ChunkedCoding.unframe(framed, filter::content);
        return client.isWritable();
    }

    /** All that one read of the engine brought is here. */
    void flush() {
        relay.flush();
    }

    void end(HttpHeaders trailers) {
        over();
        relay.end(trailers);
    }

    void cut(ProxyFailure failure) {
        over();
        relay.cut(failure);
    }

    private void over() {
        meter.end();
        if (filter != null) {
            filter.end();
        }
    }

    /** Nobody waits for it any more. */
    void release() {
        meter.end();
        if (filter != null) {
            filter.release();
        }
        relay.release();
    }
}
