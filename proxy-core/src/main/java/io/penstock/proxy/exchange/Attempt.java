package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.Ticket;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.http.RetryAfter;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.upstream.ResponseSink;
import io.penstock.proxy.upstream.UpstreamRequest;
import io.penstock.proxy.upstream.UpstreamStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try on one engine: sends the request, watches the clock, and passes the response to the relay. It holds the ticket and
 * ends it exactly once. A request that fell into the keep-alive race is sent once more to the same engine, on another
 * connection: the engine is not at fault, and the session's cache is there.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class Attempt implements ResponseSink {

    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    /** A connection that the engine closed while it was idle breaks within a round trip of being used again. */
    private static final long KEEP_ALIVE_RACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int TOO_MANY_REQUESTS = 429;

    private final Exchange exchange;
    private final Attempts attempts;
    private final RouteDecision.Forward forward;
    private final RouteTimeouts timeouts;
    private final long beganNanos;
    private final SilenceTimer silence;
    private final AnswerGate answer;
    private final AttemptTrace trace;

    private @Nullable UpstreamStream stream;
    private boolean over;
    private boolean resent;
    private boolean paused;
    private boolean answering;
    private int status;
    private int retryAfterSeconds;
    private long connectNanos;
    private long sentNanos;
    private long lostNanos;
    private long firstByteNanos = -1;

    Attempt(Exchange exchange, Attempts attempts, RouteDecision.Forward forward, AttemptTrace trace) {
        this.exchange = exchange;
        this.attempts = attempts;
        this.forward = forward;
        this.timeouts = forward.plan().timeouts();
        this.beganNanos = exchange.now();
        this.silence =
                new SilenceTimer(exchange.client().loop(), exchange.context().ticker(), timeouts, this::giveUp);
        this.answer = new AnswerGate(exchange, forward, attempts.tally());
        this.trace = trace;
    }

    RoutePlan plan() {
        return forward.plan();
    }

    /** Nanoseconds spent on waiting for a connection, whether one came or not. */
    long connectNanos() {
        return sentNanos == 0 ? exchange.now() - beganNanos : connectNanos;
    }

    /** Nanoseconds from the pick until now. */
    long totalNanos() {
        return exchange.now() - beganNanos;
    }

    void start() {
        ByteBuf body = exchange.body().spliced(forward.splices());
        var endpoint = forward.endpoint();
        HttpHeaders headers = ProxyHeaders.toEngine(
                exchange.head(),
                endpoint.authority(),
                RequestIds.ofAttempt(exchange.head(), attempts.nextSend()),
                body.readableBytes());
        forward.edits().headers().apply(headers);
        trace.sending(headers);
        var request =
                new UpstreamRequest(exchange.head().method(), exchange.head().uri(), headers, body);
        var pool = exchange.context().pool();
        UpstreamStream sent = resent
                ? pool.sendAfresh(endpoint, request, timeouts.connect(), this)
                : pool.send(endpoint, request, timeouts.connect(), this);
        if (!over && stream == null) {
            stream = sent;
        }
        if (!resent) {
            watchSibling();
        }
    }

    private void watchSibling() {
        Future<?> sibling = forward.sibling();
        if (sibling != null) {
            sibling.addListener(done -> {
                if (!over && !answering && sibling.cause() instanceof ProxyFailure why) {
                    giveUp(why);
                }
            });
        }
    }

    @Override
    public void onSent(long waitedNanos) {
        connectNanos += waitedNanos;
        trace.sent(waitedNanos);
        sentNanos = exchange.now();
        forward.ticket().sent();
        silence.awaitFirstToken();
    }

    @Override
    public void onHead(HttpResponse head) {
        firstByteNanos = exchange.now() - sentNanos;
        status = head.status().code();
        trace.head(status);
        retryAfterSeconds = status == TOO_MANY_REQUESTS ? RetryAfter.seconds(head.headers()) : 0;
        if (exchange.context().options().debugHeaders()) {
            head.headers()
                    .set(ProxyHeaders.X_PENSTOCK_ENGINE, forward.endpoint().authority());
        }
        plan().responseHeaders().apply(head.headers());
        answer.head(head);
    }

    @Override
    public void onContent(ByteBuf content) {
        if (over) {
            content.release();
        } else {
            long now = silence.broken();
            readOn(answer.content(content, now, waited(now)));
        }
    }

    @Override
    public void onChunks(ByteBuf framed, int dataBytes) {
        if (over) {
            framed.release();
        } else {
            long now = silence.broken();
            readOn(answer.chunks(framed, dataBytes, now, waited(now)));
        }
    }

    private long waited(long now) {
        return connectNanos + lostNanos + (now - sentNanos);
    }

    private void readOn(boolean clientReads) {
        if (!answering && answer.isWithClient()) {
            answering = true;
            forward.ticket().answering(status);
            trace.answering();
        }
        if (!clientReads) {
            pause();
        }
    }

    @Override
    public void onReadComplete() {
        answer.flush();
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        HeldAnswer refused = answer.refused(trailers);
        if (refused == null) {
            endTicket(null);
            answer.complete(trailers, exchange.now(), waited(exchange.now()));
            attempts.ended(this, null);
        } else {
            endTicket(refused.hiddenFailure());
            attempts.refused(this, refused);
        }
    }

    @Override
    public void onFailure(ProxyFailure failure) {
        if (answer.isWithClient()) {
            endTicket(failure.kind());
            answer.cut(failure);
            attempts.ended(this, failure);
        } else if (failure.replaySafety() == ReplaySafety.STALE_CONNECTION) {
            onDeadConnection(failure);
        } else {
            answer.release();
            endTicket(failure.kind());
            attempts.failed(this, failure);
        }
    }

    private void onDeadConnection(ProxyFailure failure) {
        if (exchange.now() - sentNanos > KEEP_ALIVE_RACE_NANOS) {
            // the engine had it for too long to blame the race: it may be the request that it died of
            var started = ReplaySafety.SENT_NOTHING_BACK;
            onFailure(ProxyFailure.of(failure.kind(), failure.message(), started, failure.getCause()));
        } else if (resent) {
            endTicket(failure.kind());
            attempts.failed(this, failure);
        } else {
            resent = true;
            lostNanos = exchange.now() - sentNanos;
            stream = null;
            start();
        }
    }

    /** The engine is told to stop, and the client that it was: with an error, or with the last event of its stream. */
    void giveUp(FailureKind kind, String text) {
        ReplaySafety safety = answer.began() ? ReplaySafety.ANSWER_STARTED : ReplaySafety.SENT_NOTHING_BACK;
        giveUp(ProxyFailure.of(kind, text, safety, null));
    }

    private void giveUp(ProxyFailure why) {
        if (stream != null) {
            stream.cancel();
        }
        onFailure(why);
    }

    /** Nobody waits for the answer any more: the client left, or the exchange ran into a defect. */
    void abandon(FailureKind why) {
        if (stream != null) {
            stream.cancel();
        }
        answer.release();
        if (!over) {
            endTicket(why);
        }
    }

    void onClientWritabilityChanged() {
        if (stream != null && paused && exchange.client().isWritable()) {
            paused = false;
            silence.resume();
            stream.resumeReads();
        }
    }

    private void pause() {
        if (stream != null && !paused) {
            paused = true;
            silence.pause();
            stream.pauseReads();
        }
    }

    private void endTicket(@Nullable FailureKind failure) {
        assert !over : "an attempt ends once";
        over = true;
        stream = null;
        silence.stop();
        var how = new AttemptEnd(status, failure, firstByteNanos, totalNanos(), retryAfterSeconds);
        trace.ended(how);
        end(forward.ticket(), how);
    }

    /** Ends a ticket. What it throws is a defect of the router that must not become a request without an answer. */
    static void end(Ticket ticket, AttemptEnd how) {
        try {
            ticket.end(how);
        } catch (RuntimeException | Error e) {
            log.error("a ticket did not take its end", e);
        }
    }
}
