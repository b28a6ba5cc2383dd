package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of one request, from its head to the last byte of its answer, and the only place that ends it.
 *
 * <pre>
 * READING --body complete--> ROUTING --forward--> ASKING --response head--> ANSWERING --body ends--> DONE
 *                              ^  |                  |                          |
 *                              |  +--answer, reject--|--------------------------|------------------> DONE
 *                              +---reroute-----------+ (failed, safe to replay) +--cut-------------> DONE
 * </pre>
 *
 * A client that leaves, or a refusal by the front, leads to DONE from every phase. In DONE the body is released, no attempt
 * runs, and the observer was told, exactly once.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final ExchangeContext context;
    private final RequestHead head;
    private final ClientStream client;
    private final RequestBody body;
    private final ExchangeTally tally;

    private ExchangePhase phase = ExchangePhase.READING;
    private @Nullable Future<RouteDecision> routing;
    private @Nullable Attempt attempt;
    private int sends;

    /** Begins an exchange for a request whose head has arrived. */
    public Exchange(ExchangeContext context, RequestHead head, ClientStream client) {
        Loops.assertIn(client.loop());
        this.context = context;
        this.head = head;
        this.client = client;
        this.body = new RequestBody(client.allocator(), context.options().maxBodyBytes());
        this.tally = new ExchangeTally(head);
        context.observer().exchangeBegan(head);
    }

    /** A piece of the request body, taken over. */
    public void onBody(ByteBuf piece) {
        Loops.assertIn(client.loop());
        if (phase != ExchangePhase.READING) {
            piece.release();
        } else if (!body.add(piece)) {
            refuse(tooLarge(context.options().maxBodyBytes()));
        }
    }

    /** What a client is told whose body exceeds the limit. */
    public static ProxyFailure tooLarge(int limit) {
        return ProxyFailure.of(
                FailureKind.BODY_TOO_LARGE, "the request body is larger than the limit of " + limit + " bytes");
    }

    /** The request is complete. */
    public void onBodyEnd() {
        Loops.assertIn(client.loop());
        if (phase == ExchangePhase.READING) {
            phase = ExchangePhase.ROUTING;
            tally.bodyComplete(body.length(), now());
            await(route());
        }
    }

    private Future<RouteDecision> route() {
        try {
            return context.router().route(new RoutingRequest(head, body.whole(), client.loop()));
        } catch (RuntimeException e) {
            return client.loop().newFailedFuture(e);
        }
    }

    private void await(Future<RouteDecision> decision) {
        if (decision.isDone()) {
            decided(decision);
        } else {
            routing = decision;
            decision.addListener(done -> decided(decision));
        }
    }

    private void decided(Future<RouteDecision> decision) {
        Loops.assertIn(client.loop());
        routing = null;
        if (!decision.isSuccess()) {
            if (phase != ExchangePhase.DONE) {
                log.error("request {}: routing failed", head.requestId(), decision.cause());
                fail(ProxyFailure.of(FailureKind.INTERNAL, "the router failed on this request"));
            }
        } else if (phase == ExchangePhase.DONE) {
            discard(decision.getNow());
        } else {
            actSafely(decision.getNow());
        }
    }

    /** Listeners of a future swallow what they throw, and the request would hang. */
    private void actSafely(RouteDecision decision) {
        try {
            act(decision);
        } catch (RuntimeException e) {
            log.error("request {}: the decision could not be carried out", head.requestId(), e);
            Attempt broken = attempt;
            attempt = null;
            if (broken != null) {
                broken.abandon(FailureKind.INTERNAL);
            }
            if (phase == ExchangePhase.ROUTING || phase == ExchangePhase.ASKING) {
                fail(ProxyFailure.of(FailureKind.INTERNAL, "the router failed on this request"));
            }
        }
    }

    private void discard(RouteDecision decision) {
        if (decision instanceof RouteDecision.Forward forward) {
            forward.ticket().end(new AttemptEnd(0, FailureKind.CLIENT_GONE, -1, 0));
        } else if (decision instanceof RouteDecision.Answer answer) {
            answer.body().release();
        }
    }

    private void act(RouteDecision decision) {
        if (decision instanceof RouteDecision.Forward forward) {
            phase = ExchangePhase.ASKING;
            tally.asking(forward);
            attempt = new Attempt(this, forward);
            attempt.start();
        } else if (decision instanceof RouteDecision.Answer answer) {
            tally.labels(answer.labels());
            answer(answer);
        } else if (decision instanceof RouteDecision.Reject reject) {
            if (tally.attempts() == 0) {
                tally.labels(reject.labels());
            }
            fail(reject.failure(), reject.headers());
        }
    }

    private void answer(RouteDecision.Answer answer) {
        var headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        headers.set(
                HttpHeaderNames.CONTENT_LENGTH, Integer.toString(answer.body().readableBytes()));
        answer.headers().apply(headers);
        var status = HttpResponseStatus.valueOf(answer.status());
        respond(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers), answer.body());
        finish(null);
    }

    /** Called by the running attempt when a response head arrives: from here on there is only one answer. */
    ResponseRelay beginAnswer(HttpResponse response) {
        phase = ExchangePhase.ANSWERING;
        tally.answering(response.status().code());
        return new ResponseRelay(client, head, tally);
    }

    /** Called by the running attempt, whose ticket is ended: no response head came. */
    void attemptFailed(Attempt failed, ProxyFailure failure) {
        tally.failedAttempt(failed.connectNanos(), failed.totalNanos());
        attempt = null;
        if (failure.replaySafety().isSafe()) {
            phase = ExchangePhase.ROUTING;
            tally.rerouting(failure, context.observer());
            await(failed.plan().reroute(failure));
        } else {
            fail(failure, failed.plan().responseHeaders());
        }
    }

    /** Called by the running attempt, whose ticket is ended: the response was relayed to its end, or was cut. */
    void attemptEnded(Attempt ended, @Nullable ProxyFailure failure) {
        tally.waitedForConnection(ended.connectNanos());
        attempt = null;
        finish(failure == null ? null : failure.kind());
    }

    /** Refuses the request for a reason the front found, or that came up while it was read. */
    public void refuse(ProxyFailure failure) {
        Loops.assertIn(client.loop());
        if (phase == ExchangePhase.READING) {
            fail(failure);
        }
    }

    private void fail(ProxyFailure failure) {
        fail(failure, HeaderEdits.NONE);
    }

    private void fail(ProxyFailure failure, HeaderEdits edits) {
        ByteBuf text = FailureResponse.body(failure, head.path());
        HttpResponse response = FailureResponse.head(failure, text.readableBytes());
        edits.apply(response.headers());
        respond(response, text);
        finish(failure.kind());
    }

    private void respond(HttpResponse response, ByteBuf content) {
        phase = ExchangePhase.ANSWERING;
        response.headers().set(ProxyHeaders.X_REQUEST_ID, head.requestId());
        tally.answering(response.status().code());
        tally.relayed(content.readableBytes());
        client.writeHead(response);
        client.writeContent(content);
        client.end(EmptyHttpHeaders.INSTANCE);
    }

    /** The client left: whatever runs for it is cancelled at once. */
    public void onClientGone() {
        Loops.assertIn(client.loop());
        if (phase == ExchangePhase.DONE) {
            return;
        }
        Attempt running = attempt;
        attempt = null;
        if (running != null) {
            running.abandon(FailureKind.CLIENT_GONE);
            tally.waitedForConnection(running.connectNanos());
        }
        Future<RouteDecision> undecided = routing;
        finish(FailureKind.CLIENT_GONE);
        if (undecided != null) {
            undecided.cancel(false);
        }
    }

    /** The client reads again, or no longer fast enough. */
    public void onClientWritabilityChanged() {
        Loops.assertIn(client.loop());
        if (attempt != null) {
            attempt.onClientWritabilityChanged();
        }
    }

    private void finish(@Nullable FailureKind failure) {
        assert phase != ExchangePhase.DONE : "ended twice";
        phase = ExchangePhase.DONE;
        body.release();
        context.observer().exchangeEnded(tally.summary(failure, now()));
    }

    /** True when nothing is left to do for this request. */
    public boolean isDone() {
        return phase == ExchangePhase.DONE;
    }

    /** How often the request was sent to an engine, this time included. */
    int nextSend() {
        return ++sends;
    }

    RequestHead head() {
        return head;
    }

    RequestBody body() {
        return body;
    }

    ClientStream client() {
        return client;
    }

    ExchangeContext context() {
        return context;
    }

    long now() {
        return context.ticker().nanos();
    }
}
