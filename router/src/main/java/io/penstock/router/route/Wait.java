package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.Waiter;
import io.penstock.router.fleet.WaitingRoom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request's stay in the waiting room of its pool: until it is given an engine, its time is over, its client leaves, or
 * no engine is left to wait for. It ends with exactly one decision, or none where the client left.
 *
 * <p>Threading: confined to the request's loop.
 */
@LoopConfined
final class Wait implements Waiter.Guest {

    private final Stay stay;
    private final PickRequest request;
    private final EventExecutor loop;
    private final WaitingRoom room;
    private final Waiter waiter;
    private final Promise<RouteDecision> decision;
    private final long beganNanos;
    private @Nullable Future<?> timer;
    private boolean observed;

    /** Has not entered yet. */
    Wait(Stay stay, PickRequest request, EventExecutor loop) {
        this.stay = stay;
        this.request = request;
        this.loop = loop;
        this.room = stay.pool().room();
        this.waiter = new Waiter(request, stay.plan().priority(), loop, this);
        this.decision = loop.newPromise();
        this.beganNanos = stay.ticker().nanos();
    }

    /**
     * What a stay is for.
     *
     * @param plan the request's plan, which makes a decision of a ticket
     * @param pool whose engines are waited for
     * @param cause what made another engine necessary, and is told to the client if there will be none; null for the first
     * @param ticker the clock
     * @param observer told how it ends
     */
    record Stay(FleetPlan plan, PoolSnapshot pool, @Nullable ProxyFailure cause, Ticker ticker, WaitObserver observer) {

        RouteDecision refusal(ProxyFailure failure) {
            return plan.rejection(cause == null ? failure : cause);
        }
    }

    /** Enters the room. The decision comes when it ends, at once if the room is full; cancelling it leaves the room. */
    Future<RouteDecision> enter() {
        Loops.assertIn(loop);
        long clientNanos = stay.plan().timeLeftNanos(beganNanos);
        if (clientNanos <= 0) {
            stay.observer().waited(poolName(), WaitEnd.CLIENT_TIMEOUT, 0);
            return loop.newSucceededFuture(stay.refusal(Refusals.waitedTooLong(stay.pool(), WaitEnd.CLIENT_TIMEOUT)));
        }
        if (!room.enter(waiter)) {
            stay.observer().roomFull(poolName());
            return loop.newSucceededFuture(stay.refusal(Refusals.roomFull(stay.pool(), request, beganNanos)));
        }
        long roomNanos = room.maxWait().toNanos();
        WaitEnd timeOver = clientNanos < roomNanos ? WaitEnd.CLIENT_TIMEOUT : WaitEnd.MAX_WAIT;
        timer = loop.schedule(() -> timeOver(timeOver), Math.min(clientNanos, roomNanos), TimeUnit.NANOSECONDS);
        decision.addListener(done -> onDone());
        return decision;
    }

    private void timeOver(WaitEnd why) {
        if (room.leave(waiter)) {
            end(why, stay.refusal(Refusals.waitedTooLong(stay.pool(), why)));
        }
    }

    private void onDone() {
        if (decision.isCancelled() && !observed) {
            boolean unused = room.leave(waiter);
            observe(WaitEnd.CLIENT_GONE);
        }
    }

    @Override
    public void admitted(EngineTicket ticket) {
        Loops.assertIn(loop);
        if (decision.isCancelled()) {
            ticket.end(AttemptEnd.unused());
        } else {
            stay.plan().waited(stay.ticker().nanos() - beganNanos);
            end(WaitEnd.ADMITTED, stay.plan().forward(ticket));
        }
    }

    @Override
    public void hopeless() {
        Loops.assertIn(loop);
        if (decision.isCancelled()) {
            return;
        }
        if (stay.plan().mayRouteAnew()) {
            observe(WaitEnd.POOL_REMOVED);
            Decisions.follow(decision, stay.plan().anew());
        } else {
            end(WaitEnd.NO_ENGINE, stay.refusal(Refusals.noEngine(stay.pool())));
        }
    }

    private void end(WaitEnd how, RouteDecision with) {
        observe(how);
        decision.setSuccess(with);
    }

    private void observe(WaitEnd how) {
        observed = true;
        if (timer != null) {
            timer.cancel(false);
        }
        stay.observer().waited(poolName(), how, stay.ticker().nanos() - beganNanos);
    }

    private String poolName() {
        return stay.pool().name();
    }
}
