package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
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
 * A client that leaves, a refusal by the front, or the end of the router leads to DONE from every phase. In DONE the body is released, no attempt
 * runs, and the observer was told, exactly once.
 * Threading: loop-confined.
 */
@LoopConfined
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final String SHUTTING_DOWN = "the router is shutting down";

    private final ExchangeContext context;
    private final RequestHead head;
    private final ClientStream client;
    private final RequestBody body;
    private final BodyPace pace;
    private final ExchangeTally tally;
    private final OwnAnswer own;
    private final PendingDecision pending;
    private final Attempts attempts;
    private final Heartbeat heartbeat;

    private ExchangePhase phase = ExchangePhase.READING;

    /** Begins an exchange for a request whose head has arrived. */
    public Exchange(ExchangeContext context, RequestHead head, ClientStream client) {
        Loops.assertIn(client.loop());
        this.context = context;
        this.head = head;
        this.client = client;
        this.body = new RequestBody(client.allocator(), context.options().maxBodyBytes(), context.bodies());
        this.pace = new BodyPace(context.options().limits().bodyTimeout(), head.receivedNanos());
        this.tally =
                new ExchangeTally(head, client.protocol(), context.observer().trace(head));
        this.heartbeat = new Heartbeat(head, client, tally);
        this.own = new OwnAnswer(this, tally, heartbeat);
        this.pending = new PendingDecision(this);
        this.attempts = new Attempts(this, tally, pending, heartbeat);
        context.observer().exchangeBegan(head);
    }

    /** A piece of the request body, taken over. */
    public void onBody(ByteBuf piece) {
        Loops.assertIn(client.loop());
        if (phase != ExchangePhase.READING) {
            piece.release();
            return;
        }
        pace.pieceCame(now());
        ProxyFailure problem = body.addTo(head.method(), piece);
        if (problem != null) {
            fail(problem);
        }
    }

    /** A body of so many bytes was announced; refuses it at once if it would have to be refused later. */
    public void onBodyAnnounced(long bytes) {
        Loops.assertIn(client.loop());
        if (bytes > 0 && RequestBody.isMisplacedIn(head.method())) {
            fail(RequestBody.misplaced(head.method()));
        } else if (bytes > context.options().maxBodyBytes()) {
            fail(RequestBody.tooLarge(context.options().maxBodyBytes()));
        } else if (bytes > 0 && !context.bodies().hasRoomFor(bytes)) {
            fail(RequestBody.noRoom());
        }
    }

    /** The request is complete. */
    public void onBodyEnd() {
        Loops.assertIn(client.loop());
        if (phase != ExchangePhase.READING) {
            return;
        }
        ProxyFailure problem = body.complete();
        if (problem != null) {
            fail(problem);
        } else {
            phase = ExchangePhase.ROUTING;
            tally.bodyComplete(body.length(), now());
            var request = new RoutingRequest(head, body.whole(), client.loop(), attempts::send);
            pending.ask(() -> context.router().route(request));
        }
    }

    /** Called when the router has no decision: a defect, unless nobody waits for it any more. */
    void undecided(Throwable cause) {
        if (phase != ExchangePhase.DONE) {
            log.error("request {}: routing failed", head.requestId(), cause);
            fail(ProxyFailure.of(FailureKind.INTERNAL, "the router failed on this request"));
        }
    }

    /** Called when the router has decided. */
    void decided(RouteDecision decision) {
        if (phase == ExchangePhase.DONE) {
            PendingDecision.discard(decision);
        } else {
            actSafely(decision);
        }
    }

    /** Listeners of a future swallow what they throw, and the request would hang. */
    private void actSafely(RouteDecision decision) {
        try {
            act(decision);
        } catch (RuntimeException | Error e) {
            log.error("request {}: the decision could not be carried out", head.requestId(), e);
            attempts.abandon(FailureKind.INTERNAL);
            if (phase == ExchangePhase.ROUTING || phase == ExchangePhase.ASKING) {
                fail(ProxyFailure.of(FailureKind.INTERNAL, "the router failed on this request"));
            }
        }
    }

    private void act(RouteDecision decision) {
        HeldAnswer held = attempts.takeRefused();
        if (held != null) {
            if (decision instanceof RouteDecision.Reject) {
                passOn(held);
                return;
            }
            held.release();
        }
        if (decision instanceof RouteDecision.Forward forward) {
            phase = ExchangePhase.ASKING;
            attempts.begin(forward);
        } else if (decision instanceof RouteDecision.Answer answer) {
            tally.labels(answer.labels());
            own.answer(answer);
            finish(null);
        } else if (decision instanceof RouteDecision.Reject reject) {
            tally.refused(reject);
            fail(reject.failure(), reject.headers());
        }
    }

    /** No engine gives a better answer than the one that is held. */
    private void passOn(HeldAnswer held) {
        held.passTo(beginAnswer(held.head()));
        finish(held.why().kind());
    }

    /** Called by the running attempt when a response head arrives: from here on there is only one answer. */
    ResponseRelay beginAnswer(HttpResponse response) {
        phase = ExchangePhase.ANSWERING;
        heartbeat.stop();
        tally.answering(heartbeat.hasBegun() ? 200 : response.status().code());
        return new ResponseRelay(client, head, tally, heartbeat.hasBegun());
    }

    /** True if the client has the head of an event stream, and nothing but comments in it. */
    boolean saidAlive() {
        return heartbeat.hasBegun();
    }

    /** Called when an attempt came to nothing, and the router is asked for another. */
    void routeAgain() {
        phase = ExchangePhase.ROUTING;
    }

    /** Called when the response was relayed to its end, or was cut. */
    void answered(@Nullable ProxyFailure failure) {
        finish(failure == null ? null : failure.kind());
    }

    /** Refuses the request for a reason the front found, or that came up while it was read. */
    public void refuse(ProxyFailure failure) {
        Loops.assertIn(client.loop());
        if (phase == ExchangePhase.READING) {
            fail(failure);
        }
    }

    /** Gives the client an error instead of an answer. */
    void fail(ProxyFailure failure) {
        fail(failure, HeaderEdits.NONE);
    }

    /** As {@link #fail(ProxyFailure)}, with headers that the router adds. */
    void fail(ProxyFailure failure, HeaderEdits edits) {
        phase = ExchangePhase.ANSWERING;
        own.fail(failure, edits);
        finish(failure.kind());
    }

    /** The router ends: what has no answer yet gets one, a stream its last event, and the engine is cancelled. */
    public void onRouterEnds() {
        Loops.assertIn(client.loop());
        giveUp(FailureKind.DRAINING, SHUTTING_DOWN);
    }

    /** The time is over in which the request had to be through. */
    void onTimeOver() {
        giveUp(FailureKind.TOTAL_TIMEOUT, "the request took longer than its route or its client allows");
    }

    private void giveUp(FailureKind kind, String text) {
        if (!attempts.giveUp(kind, text) && (phase == ExchangePhase.READING || phase == ExchangePhase.ROUTING)) {
            fail(ProxyFailure.of(kind, text));
            pending.cancel();
        }
    }

    /** Refuses the request if its body comes too slowly; true while more of it is awaited. */
    public boolean awaitsBody(long nowNanos) {
        Loops.assertIn(client.loop());
        ProxyFailure late = phase == ExchangePhase.READING ? pace.problem(body.length(), nowNanos) : null;
        if (late != null) {
            context.observer().clientLimited(ClientLimit.BODY_TIMEOUT);
            fail(late);
        }
        return phase == ExchangePhase.READING;
    }

    /** The client left, or reads nothing of its answer: whatever runs for it is cancelled at once. */
    public void onClientLost(FailureKind why) {
        Loops.assertIn(client.loop());
        if (phase == ExchangePhase.DONE) {
            return;
        }
        attempts.abandon(why);
        finish(why);
        pending.cancel();
    }

    /** The client reads again, or no longer fast enough. */
    public void onClientWritabilityChanged() {
        Loops.assertIn(client.loop());
        attempts.onClientWritabilityChanged();
    }

    private void finish(@Nullable FailureKind failure) {
        assert phase != ExchangePhase.DONE : "ended twice";
        phase = ExchangePhase.DONE;
        attempts.release();
        body.release();
        tally.tell(context.observer(), failure, now());
    }

    /** True when nothing is left to do for this request. */
    public boolean isDone() {
        return phase == ExchangePhase.DONE;
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
