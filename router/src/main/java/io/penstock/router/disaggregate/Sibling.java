package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;

/**
 * A prefill that runs beside its decode: fails the decode attempt when it fails, and ends when it is cancelled. Decode has done
 * nothing without it, so its failure says that nothing was sent. Threading: confined to the request's loop.
 */
@LoopConfined
final class Sibling {

    private final HandoverPlan plan;
    private final Future<LegAnswer> leg;
    private final Promise<Void> end;
    private final long beganNanos;

    private Sibling(HandoverPlan plan, Future<LegAnswer> leg) {
        this.plan = plan;
        this.leg = leg;
        this.end = plan.request().request().loop().newPromise();
        this.beganNanos = ticker().nanos();
    }

    /** What a decode attempt depends on while {@code leg} runs. */
    static Future<?> of(HandoverPlan plan, Future<LegAnswer> leg) {
        Sibling sibling = new Sibling(plan, leg);
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
            ProxyFailure why = how instanceof Prefilled.Failed failed
                    ? ProxyFailure.of(FailureKind.PREFILL_FAILED, failed.fault().text())
                    : ProxyFailure.of(FailureKind.BAD_REQUEST, "the prefill engine refused the request");
            plan.tries().siblingFailed(why, how);
            end.setFailure(why);
        }
    }
}
