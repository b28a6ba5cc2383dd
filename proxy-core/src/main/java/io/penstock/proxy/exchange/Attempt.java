package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.upstream.ResponseSink;
import io.penstock.proxy.upstream.UpstreamRequest;
import io.penstock.proxy.upstream.UpstreamStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One try on one engine: sends the request, watches the clock, and passes the response to the relay. It holds the ticket and
 * ends it exactly once. A request that fell into the keep-alive race is sent once more to the same engine, on another
 * connection: the engine is not at fault, and the session's cache is there.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class Attempt implements ResponseSink {

    /** A connection that the engine closed while it was idle breaks within a round trip of being used again. */
    private static final long KEEP_ALIVE_RACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Exchange exchange;
    private final RouteDecision.Forward forward;
    private final long beganNanos;
    private final SilenceTimer silence;

    private @Nullable UpstreamStream stream;
    private @Nullable ResponseRelay relay;
    private boolean over;
    private boolean resent;
    private boolean paused;
    private int status;
    private long connectNanos;
    private long sentNanos;
    private long lostNanos;
    private long firstByteNanos = -1;

    Attempt(Exchange exchange, RouteDecision.Forward forward) {
        this.exchange = exchange;
        this.forward = forward;
        this.beganNanos = exchange.now();
        this.silence = new SilenceTimer(
                exchange.client().loop(),
                exchange.context().ticker(),
                forward.plan().timeouts(),
                this::onSilence);
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
                RequestIds.ofAttempt(exchange.head(), exchange.nextSend()),
                body.readableBytes());
        forward.edits().headers().apply(headers);
        var request =
                new UpstreamRequest(exchange.head().method(), exchange.head().uri(), headers, body);
        var pool = exchange.context().pool();
        UpstreamStream sent = resent
                ? pool.sendAfresh(endpoint, request, plan().timeouts().connect(), this)
                : pool.send(endpoint, request, plan().timeouts().connect(), this);
        if (!over && stream == null) {
            stream = sent;
        }
    }

    @Override
    public void onSent(long waitedNanos) {
        connectNanos += waitedNanos;
        sentNanos = exchange.now();
        silence.awaitFirstToken();
    }

    @Override
    public void onHead(HttpResponse head) {
        firstByteNanos = exchange.now() - sentNanos;
        status = head.status().code();
        if (exchange.context().options().debugHeaders()) {
            head.headers()
                    .set(ProxyHeaders.X_PENSTOCK_ENGINE, forward.endpoint().authority());
        }
        plan().responseHeaders().apply(head.headers());
        relay = exchange.beginAnswer(head);
        relay.head(head);
    }

    @Override
    public void onContent(ByteBuf content) {
        ResponseRelay to = relay;
        if (to == null) {
            content.release();
        } else {
            timeOf(to);
            readOn(to.content(content));
        }
    }

    @Override
    public void onChunks(ByteBuf framed, int dataBytes) {
        ResponseRelay to = relay;
        if (to == null) {
            framed.release();
        } else {
            timeOf(to);
            readOn(to.chunks(framed, dataBytes));
        }
    }

    private void timeOf(ResponseRelay to) {
        long now = silence.broken();
        to.arrived(now, connectNanos + lostNanos + (now - sentNanos));
    }

    private void readOn(boolean clientReads) {
        if (!clientReads) {
            pause();
        }
    }

    @Override
    public void onReadComplete() {
        if (relay != null) {
            relay.flush();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        endTicket(null);
        if (relay != null) {
            relay.end(trailers);
        }
        exchange.attemptEnded(this, null);
    }

    @Override
    public void onFailure(ProxyFailure failure) {
        if (relay != null) {
            endTicket(failure.kind());
            relay.cut(failure);
            exchange.attemptEnded(this, failure);
        } else if (failure.replaySafety() == ReplaySafety.STALE_CONNECTION) {
            onDeadConnection(failure);
        } else {
            endTicket(failure.kind());
            exchange.attemptFailed(this, failure);
        }
    }

    private void onDeadConnection(ProxyFailure failure) {
        if (exchange.now() - sentNanos > KEEP_ALIVE_RACE_NANOS) {
            // the engine had it for too long to blame the race: it may be the request that it died of
            var started = ReplaySafety.SENT_NOTHING_BACK;
            onFailure(ProxyFailure.of(failure.kind(), failure.message(), started, failure.getCause()));
        } else if (resent) {
            endTicket(failure.kind());
            exchange.attemptFailed(this, failure);
        } else {
            resent = true;
            lostNanos = exchange.now() - sentNanos;
            stream = null;
            start();
        }
    }

    private void onSilence(FailureKind kind, String text) {
        if (stream != null) {
            stream.cancel();
        }
        ReplaySafety safety = relay == null ? ReplaySafety.SENT_NOTHING_BACK : ReplaySafety.ANSWER_STARTED;
        onFailure(ProxyFailure.of(kind, text, safety, null));
    }

    /** Nobody waits for the answer any more: the client left, or the exchange ran into a defect. */
    void abandon(FailureKind why) {
        if (stream != null) {
            stream.cancel();
        }
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
        forward.ticket().end(new AttemptEnd(status, failure, firstByteNanos, totalNanos()));
    }
}
