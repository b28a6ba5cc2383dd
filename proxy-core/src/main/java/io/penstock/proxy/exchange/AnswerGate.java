package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RouteDecision;
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
    private final RouteDecision.Forward forward;
    private final ExchangeTally tally;

    private @Nullable HeldAnswer held;
    private @Nullable EngineAnswer answer;

    AnswerGate(Exchange exchange, RouteDecision.Forward forward, ExchangeTally tally) {
        this.exchange = exchange;
        this.terms = forward.plan().retryTerms();
        this.beats = !forward.plan().heartbeat().isZero();
        this.forward = forward;
        this.tally = tally;
    }

    void head(HttpResponse head) {
        held = HeldAnswer.of(head, terms, exchange.saidAlive(), beats);
        if (held == null) {
            open(head);
        }
    }

    private EngineAnswer open(HttpResponse head) {
        var meter = new AnswerMeter(exchange.head(), forward.plan(), tally);
        EngineAnswer opened = new EngineAnswer(exchange, forward, exchange.beginAnswer(head), meter);
        answer = opened;
        opened.head(head);
        return opened;
    }

    /** True when a response head came, whoever has it. */
    boolean began() {
        return held != null || answer != null;
    }

    /** True when the client has this answer, or a part of it. */
    boolean isWithClient() {
        return answer != null;
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
        EngineAnswer to = answer;
        if (to == null) {
            piece.release();
            return true;
        }
        return to.content(piece, nowNanos, waitedNanos);
    }

    private boolean letGo(HeldAnswer holding, long nowNanos, long waitedNanos) {
        EngineAnswer to = open(holding.head());
        ByteBuf body = holding.takeBody();
        held = null;
        if (body == null) {
            return true;
        }
        return to.content(body, nowNanos, waitedNanos);
    }

    /** As {@link #content}, for whole chunks with their framing. */
    boolean chunks(ByteBuf framed, int dataBytes, long nowNanos, long waitedNanos) {
        if (held != null && held.isAnsweredBy(framed)) {
            letGo(held, nowNanos, waitedNanos);
        }
        EngineAnswer to = answer;
        if (to == null) {
            ChunkedCoding.unframe(framed, piece -> content(piece, nowNanos, waitedNanos));
            return answer == null || exchange.client().isWritable();
        }
        return to.chunks(framed, dataBytes, nowNanos, waitedNanos);
    }

    void flush() {
        if (answer != null) {
            answer.flush();
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
        if (answer != null) {
            answer.end(trailers);
        }
    }

    /** Ends the client's answer, which cannot be completed. */
    void cut(ProxyFailure failure) {
        if (answer != null) {
            answer.cut(failure);
        }
    }

    /** Gives up what is held. */
    void release() {
        if (held != null) {
            held.release();
        }
        if (answer != null) {
            answer.release();
        }
    }
}
