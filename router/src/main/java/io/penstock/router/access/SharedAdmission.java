package io.penstock.router.access;

import io.github.bucket4j.ConsumptionProbe;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.access.Admission.Share;
import io.penstock.router.access.SharedLimits.Unanswered;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One admission that all routers are asked about: first by the client's limits, so that one who is over them takes nothing from
 * others on the route, then by the route's. The limits of each are asked at once. Without an answer in time the admission stands
 * as it is. Threading: confined to the request's loop.
 */
@LoopConfined
final class SharedAdmission {

    private final Admission admission;
    private final Iterator<List<Share>> steps;
    private final SharedLimits shared;
    private final EventExecutor loop;
    private final Promise<Admission> decision;
    private final long began;
    private int open;
    private @Nullable Quota requests;
    private @Nullable Quota tokens;

    private SharedAdmission(Admission admission, Iterator<List<Share>> steps, SharedLimits shared, EventExecutor loop) {
        this.admission = admission;
        this.steps = steps;
        this.shared = shared;
        this.loop = loop;
        this.decision = loop.newPromise();
        this.began = shared.nanos();
    }

    /** Asks; see {@link RouteAccess#confirm}. */
    static Future<Admission> of(Admission admission, List<List<Share>> steps, SharedLimits shared, EventExecutor loop) {
        if (!shared.isReachable()) {
            shared.unanswered(Unanswered.AWAY, shared.nanos(), null);
            return loop.newSucceededFuture(admission);
        }
        return new SharedAdmission(admission, steps.iterator(), shared, loop).ask();
    }

    private Future<Admission> ask() {
        var deadline =
                loop.schedule(() -> decideAlone(Unanswered.LATE, null), shared.patienceNanos(), TimeUnit.NANOSECONDS);
        decision.addListener(done -> {
            deadline.cancel(false);
            if (decision.isCancelled()) {
                admission.withdraw();
            }
        });
        askNext();
        return decision;
    }

    private void askNext() {
        List<Share> step = steps.next();
        open = step.size();
        for (Share share : step) {
            share.take().ask(loop, (answer, failure) -> answered(share, answer, failure));
        }
    }

    private void answered(Share share, @Nullable ConsumptionProbe answer, @Nullable Throwable failure) {
        if (decision.isDone()) {
            return;
        }
        if (answer == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            decideAlone(cause instanceof RejectedExecutionException ? Unanswered.BUSY : Unanswered.FAILED, cause);
            return;
        }
        note(share, answer);
        if (!answer.isConsumed()) {
            admission.overrule(share, answer);
            decide(false);
        } else if (--open == 0) {
            next();
        }
    }

    private void next() {
        if (steps.hasNext()) {
            askNext();
        } else {
            decide(true);
        }
    }

    private void note(Share share, ConsumptionProbe answer) {
        Quota left = Admission.quota(share.of(), answer);
        if (share.what().equals(Admission.REQUESTS)) {
            requests = Quota.tighter(requests, left);
        } else {
            tokens = Quota.tighter(tokens, left);
        }
    }

    private void decide(boolean passed) {
        admission.tell(requests, tokens);
        shared.answered(passed, shared.nanos() - began);
        decision.trySuccess(admission);
    }

    private void decideAlone(Unanswered why, @Nullable Throwable cause) {
        if (decision.trySuccess(admission)) {
            shared.unanswered(why, began, cause);
        }
    }
}
