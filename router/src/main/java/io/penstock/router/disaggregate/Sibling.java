package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * A prefill that runs beside its decode: fails the decode attempt when it fails before decode has answered, and ends when it is cancelled. Decode has done
 * nothing without it, so its failure says that nothing was sent. Threading: confined to the request's loop.
 */
@LoopConfined
final class Sibling {

    private final HandoverPlan plan;
    private final Future<LegAnswer> leg;
    private final @Nullable Endpoint idServer;
    private final Promise<Void> end;
    private final long beganNanos;

    private Sibling(HandoverPlan plan, Future<LegAnswer> leg, @Nullable Endpoint idServer) {
        this.idServer = idServer;
        this.plan = plan;
        this.leg = leg;
        this.end = plan.request().request().loop().newPromise();
        this.beganNanos = ticker().nanos();
    }

    /**
     * What a decode attempt depends on while {@code leg} runs.
     *
     * @param idServer told the engine's id, which may have changed if the leg fails
     */
    static Future<?> of(HandoverPlan plan, Future<LegAnswer> leg, @Nullable Endpoint idServer) {
        Sibling sibling = new Sibling(plan, leg, idServer);
        sibling.end.addListener(done -> {
            if (sibling.end.isCancelled()) {
                leg.cancel(false);
            }
        });
        leg.addListener(done -> sibling.onEnd());
        return sibling.end;
    }

    private Ticker ticker() {
        return plan.pool().fleet().ticker();
    }

    private void onEnd() {
        if (end.isDone()) {
            return;
        }
        Prefilled how = Prefilled.of(leg, false);
        if (how instanceof Prefilled.Done) {
            plan.pool().observer().prefilled(plan.pool().name(), ticker().nanos() - beganNanos);
            end.setSuccess(null);
        } else {
            if (idServer != null) {
                plan.pool().ids().forget(idServer);
            }
            ProxyFailure why = how instanceof Prefilled.Failed failed
                    ? ProxyFailure.of(FailureKind.PREFILL_FAILED, failed.fault().text())
                    : ProxyFailure.of(FailureKind.BAD_REQUEST, "the prefill engine refused the request");
            if (how instanceof Prefilled.Failed failed && plan.tries().isAnswering()) {
                plan.pool().observer().prefillFailed(plan.pool().name(), failed.fault());
            }
            plan.tries().siblingFailed(why, how);
            end.setFailure(why);
        }
    }
}
