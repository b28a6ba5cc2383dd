package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Finds a prefill engine for one request: one with room, waited for if the group's limits say so, and where decode has to be told,
 * what the engine calls itself. Cancelling it gives back what it holds. Threading: confined to the request's loop.
 */
@LoopConfined
final class PrefillPick {

    private final HandoverPlan plan;
    private final Disaggregation pool;
    private final Promise<Picked> picked;
    private @Nullable Future<?> stage;

    /** An engine with its open ticket, and its id or nothing. */
    record Picked(EngineTicket ticket, String engineId) {}

    /** Nobody was found. */
    static final class NobodyException extends Exception {

        private static final long serialVersionUID = 1;

        private final PrefillFault fault;

        NobodyException(PrefillFault fault) {
            super(fault.text(), null, false, false);
            this.fault = fault;
        }

        PrefillFault fault() {
            return fault;
        }
    }

    private PrefillPick(HandoverPlan plan) {
        this.plan = plan;
        this.pool = plan.pool();
        this.picked = plan.request().request().loop().newPromise();
    }

    /** Finds an engine that was not asked yet; fails with a {@link NobodyException}. */
    static Future<Picked> begin(HandoverPlan plan) {
        PrefillPick pick = new PrefillPick(plan);
        pick.picked.addListener(done -> {
            if (pick.picked.isCancelled() && pick.stage != null) {
                pick.stage.cancel(false);
            }
        });
        pick.enter();
        return pick.picked;
    }

    private void enter() {
        PoolSnapshot engines = pool.fleet().snapshot().prefill(pool.name());
        if (engines == null) {
            fail(PrefillFault.NO_ENGINE);
            return;
        }
        HandoverRequest request = plan.request();
        PickRequest pick = plan.asking();
        long left = plan.timeLeftNanos(pool.fleet().ticker().nanos());
        var room = PrefillWait.ticket(
                engines, pick, request.plan(), request.request().loop(), left);
        stage = room;
        room.addListener(done -> {
            if (room.isSuccess()) {
                admitted(room.getNow());
            } else {
                fail(engines.mayServe(pick) ? PrefillFault.NO_ROOM : PrefillFault.NO_ENGINE);
            }
        });
    }

    private void admitted(EngineTicket ticket) {
        plan.tries().asked(ticket.engine());
        Endpoint server = pool.protocol() instanceof KvProtocol.AtOnce protocol
                ? protocol.idServer(ticket.engine().endpoint())
                : null;
        if (server == null) {
            give(ticket, "");
            return;
        }
        Future<String> id = pool.ids().of(server, plan.request().request().loop());
        stage = id;
        id.addListener(done -> {
            if (id.isSuccess()) {
                give(ticket, id.getNow());
            } else {
                ticket.end(AttemptEnd.unused());
                fail(PrefillFault.UNREACHABLE);
            }
        });
    }

    private void give(EngineTicket ticket, String engineId) {
        if (!picked.trySuccess(new Picked(ticket, engineId))) {
            ticket.end(AttemptEnd.unused());
        }
    }

    private void fail(PrefillFault fault) {
        picked.tryFailure(new NobodyException(fault));
    }
}
