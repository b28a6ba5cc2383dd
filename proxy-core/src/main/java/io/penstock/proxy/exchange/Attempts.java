package io.penstock.proxy.exchange;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of one exchange, one after the other: begins each, hears how it ended, and asks the router for another engine
 * where that is safe. At most one runs. Threading: loop-confined.
 */
@LoopConfined
final class Attempts {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    private final Exchange exchange;
    private final ExchangeTally tally;
    private final PendingDecision pending;
    private final Deadline deadline;
    private final Heartbeat heartbeat;

    private @Nullable Attempt running;
    private @Nullable HeldAnswer refused;
    private @Nullable RoutePlan prepared;
    private int sends;

    Attempts(Exchange exchange, ExchangeTally tally, PendingDecision pending, Heartbeat heartbeat) {
        this.exchange = exchange;
        this.tally = tally;
        this.pending = pending;
        this.deadline = new Deadline(exchange);
        this.heartbeat = heartbeat;
    }

    ExchangeTally tally() {
        return tally;
    }

    /** Takes the ticket over, unless the router's plan is defect: then it is ended, and this throws. */
    void begin(RouteDecision.Forward forward) {
        Attempt begun = opened(forward);
        running = begun;
        deadline.arm(forward.plan());
        begun.start();
        if (!exchange.isDone()) {
            heartbeat.arm(forward.plan());
        }
    }

    /**
     * Sends what another engine has to do for the request, before or beside an attempt, or after its end; from then on the request's
     * time runs.
     */
    Future<LegAnswer> send(EngineLeg leg) {
        if (exchange.isDone()) {
            return Leg.send(exchange, leg, nextSend(), AttemptTrace.NONE);
        }
        prepared = leg.plan();
        tally.preparing(leg.plan());
        deadline.arm(leg.plan());
        heartbeat.arm(leg.plan());
        return Leg.send(exchange, leg, nextSend(), tally.legTrace(leg));
    }

    private Attempt opened(RouteDecision.Forward forward) {
        try {
            tally.asking(forward, exchange.context().observer());
            return new Attempt(exchange, this, forward, tally.attemptTrace(forward));
        } catch (RuntimeException | Error e) {
            Attempt.end(forward.ticket(), new AttemptEnd(0, FailureKind.INTERNAL, -1, 0));
            throw e;
        }
    }

    /** How often the request was sent to an engine, this time included. */
    int nextSend() {
        return ++sends;
    }

    /** The attempt's ticket is ended: nothing came that the client could be given. */
    void failed(Attempt attempt, ProxyFailure why) {
        over(attempt);
        if (attempt.plan().mayReplay(why)) {
            another(attempt.plan(), why);
        } else {
            exchange.fail(why, attempt.plan().responseHeaders());
        }
    }

    /** The attempt's ticket is ended: its answer is the client's only if no other engine can be asked. */
    void refused(Attempt attempt, HeldAnswer answer) {
        over(attempt);
        refused = answer;
        another(attempt.plan(), answer.why());
    }

    private void over(Attempt attempt) {
        tally.failedAttempt(attempt.connectNanos(), attempt.totalNanos());
        running = null;
    }

    private void another(RoutePlan plan, ProxyFailure why) {
        exchange.routeAgain();
        tally.rerouting(why);
        pending.ask(() -> plan.reroute(why));
    }

    /** The attempt's ticket is ended: the response was relayed to its end, or was cut. */
    void ended(Attempt attempt, @Nullable ProxyFailure failure) {
        tally.waitedForConnection(attempt.connectNanos());
        running = null;
        exchange.answered(failure);
    }

    /** Hands over the answer that another engine was asked to better; null if there is none. */
    @Nullable
    HeldAnswer takeRefused() {
        HeldAnswer taken = refused;
        refused = null;
        return taken;
    }

    /** Ends the running attempt with a failure that the client is told; false if none runs. */
    boolean giveUp(FailureKind kind, String text) {
        Attempt attempt = running;
        if (attempt != null) {
            attempt.giveUp(kind, text);
        }
        return attempt != null;
    }

    /** Nobody waits for an answer any more. */
    void abandon(FailureKind why) {
        Attempt attempt = running;
        running = null;
        if (attempt != null) {
            attempt.abandon(why);
            tally.waitedForConnection(attempt.connectNanos());
        }
    }

    void onClientWritabilityChanged() {
        if (running != null) {
            running.onClientWritabilityChanged();
        }
    }

    /** The exchange is over; its body is still there. */
    void release() {
        deadline.stop();
        heartbeat.stop();
        HeldAnswer held = takeRefused();
        if (held != null) {
            held.release();
        }
        if (prepared != null) {
            tellOver(prepared);
        }
    }

    /** What it throws is a defect of the router that must not keep the exchange from its end. */
    private static void tellOver(RoutePlan plan) {
        try {
            plan.over();
        } catch (RuntimeException | Error e) {
            log.error("a plan did not take its end", e);
        }
    }
}
