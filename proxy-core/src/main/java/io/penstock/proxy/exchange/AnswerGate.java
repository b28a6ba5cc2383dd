package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Where one attempt's answer goes: to the client, or nowhere yet while another engine may give a better one. It opens once, and
 * from then on there is no other answer. Threading: loop-confined.
 */
@LoopConfined
final class AnswerGate {

    private final Exchange exchange;
    private final RetryTerms terms;
    private final boolean beats;
    private final StreamInterval interval;

    private @Nullable HeldAnswer held;
    private @Nullable ResponseRelay relay;

    AnswerGate(Exchange exchange, RoutePlan plan) {
        this.exchange = exchange;
        this.terms = plan.retryTerms();
        this.beats = !plan.heartbeat().isZero();
        this.interval = plan.streamInterval();
    }

    void head(HttpResponse head) {
        held = HeldAnswer.of(head, terms, exchange.saidAlive(), beats);
        if (held == null) {
            open(head);
        }
    }

    private ResponseRelay open(HttpResponse head) {
        ResponseRelay opened = exchange.beginAnswer(head);
        relay = opened;
        opened.head(head);
        opened.holdEvents(head, interval, exchange.context().wheel());
        return opened;
    }

    /** True when a response head came, whoever has it. */
    boolean began() {
        return held != null || relay != null;
    }

    /** True when the client has this answer, or a part of it. */
    boolean isWithClient() {
        return relay != null;
    }

    /**
     * A piece of the body, taken over.
     *
     * @param nowNanos when it came
     * @param waitedNanos how much of the time until now was spent waiting for the connection and the engine
     * @return false if the client does not read fast enough
     */
    boolean content(ByteBuf piece, long nowNanos, long waitedNanos) {
        HeldAnswer holding = held;
        if (holding != null) {
            return !holding.add(piece) || letGo(holding, nowNanos, waitedNanos);
        }
        ResponseRelay to = relay;
        if (to == null) {
            piece.release();
            return true;
        }
        to.arrived(nowNanos, waitedNanos);
        return to.content(piece);
    }

    private boolean letGo(HeldAnswer holding, long nowNanos, long waitedNanos) {
        ResponseRelay to = open(holding.head());
        ByteBuf body = holding.takeBody();
        held = null;
        if (body == null) {
            return true;
        }
        to.arrived(nowNanos, waitedNanos);
        return to.content(body);
    }

    /** As {@link #content}, for whole chunks with their framing. */
    boolean chunks(ByteBuf framed, int dataBytes, long nowNanos, long waitedNanos) {
        if (held != null && held.isAnsweredBy(framed)) {
            letGo(held, nowNanos, waitedNanos);
        }
        ResponseRelay to = relay;
        if (to == null) {
            ChunkedCoding.unframe(framed, piece -> content(piece, nowNanos, waitedNanos));
            return relay == null || exchange.client().isWritable();
        }
        to.arrived(nowNanos, waitedNanos);
        return to.chunks(framed, dataBytes);
    }

    void flush() {
        if (relay != null) {
            relay.flush();
        }
    }

    /** The engine's answer is complete; null if it is the client's, which {@link #complete} then ends. */
    @Nullable
    HeldAnswer refused(HttpHeaders trailers) {
        HeldAnswer holding = held;
        if (holding == null || !holding.end(trailers)) {
            return null;
        }
        held = null;
        return holding;
    }

    /** Ends the client's answer as the engine ended its own. */
    void complete(HttpHeaders trailers, long nowNanos, long waitedNanos) {
        if (held != null) {
            letGo(held, nowNanos, waitedNanos);
        }
        if (relay != null) {
            relay.end(trailers);
        }
    }

    /** Ends the client's answer, which cannot be completed. */
    void cut(ProxyFailure failure) {
        if (relay != null) {
            relay.cut(failure);
        }
    }

    /** Gives up what is held. */
    void release() {
        if (held != null) {
            held.release();
        }
        if (relay != null) {
            relay.release();
        }
    }
}
