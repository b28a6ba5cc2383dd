package io.penstock.router.disaggregate;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.Waiter;
import java.util.concurrent.TimeUnit;

/**
 * One request's stay in the waiting room of the prefill engines. Ends with an open ticket, or fails when its time is over or no
 * engine is left to wait for; cancelling it leaves the room. Threading: confined to the request's loop.
 */
@LoopConfined
final class PrefillWait implements Waiter.Guest {

    private final Promise<EngineTicket> ticket;

    private PrefillWait(Promise<EngineTicket> ticket) {
        this.ticket = ticket;
    }

    /**
     * A ticket at once if there is room and nobody waits for it; else enters the room.
     *
     * @param plan the request's
     * @param leftNanos how long its client waits at most
     */
    static Future<EngineTicket> ticket(
            PoolSnapshot engines, PickRequest request, DecodePlan plan, EventExecutor loop, long leftNanos) {
        EngineTicket free = engines.room().isAhead(request) ? null : engines.pick(request);
        if (free != null) {
            return loop.newSucceededFuture(free);
        }
        Promise<EngineTicket> ticket = loop.newPromise();
        var waiter = new Waiter(request, plan.priority(), loop, new PrefillWait(ticket));
        if (!engines.mayServe(request) || !engines.room().enter(waiter)) {
            return loop.newFailedFuture(new IllegalStateException("no room"));
        }
        long longest = Math.max(0, Math.min(leftNanos, engines.room().maxWait().toNanos()));
        var timer = loop.schedule(
                () -> ticket.tryFailure(new IllegalStateException("waited too long")), longest, TimeUnit.NANOSECONDS);
        ticket.addListener(done -> {
            timer.cancel(false);
            boolean unused = engines.room().leave(waiter);
        });
        return ticket;
    }

    @Override
    public void admitted(EngineTicket open) {
        if (!ticket.trySuccess(open)) {
            open.end(AttemptEnd.unused());
        }
    }

    @Override
    public void hopeless() {
        ticket.tryFailure(new IllegalStateException("no engine is left"));
    }
}
