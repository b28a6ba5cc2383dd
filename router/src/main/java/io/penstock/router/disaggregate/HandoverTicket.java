package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.Ticket;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The ticket of a decode engine that depends on a prefill engine: takes the times of the hand-over, stops the prefill when decode
 * fails, and does not blame decode for a prefill that failed. Threading: confined to the request's loop.
 */
@LoopConfined
final class HandoverTicket implements Ticket {

    private final RouteDecision.Forward decode;
    private final Disaggregation disaggregation;
    private final PrefillTries tries;
    private final Judgement.Prompt prompt;
    private final String pool;
    private final HandoverObserver observer;
    private final Ticker ticker;
    private final long prefilledNanos;
    private final @Nullable Future<?> prefill;
    private long sentNanos;
    private boolean wasSent;

    /**
     * Watches one decode attempt.
     *
     * @param decode the engine, with its own ticket
     * @param prompt what was prefilled for it
     * @param prefill the prefill that runs beside it, or null if it is over
     */
    HandoverTicket(
            RouteDecision.Forward decode, HandoverPlan plan, Judgement.Prompt prompt, @Nullable Future<?> prefill) {
        this.decode = decode;
        this.disaggregation = plan.pool();
        this.tries = plan.tries();
        this.prompt = prompt;
        this.pool = disaggregation.name();
        this.observer = disaggregation.observer();
        this.ticker = disaggregation.fleet().ticker();
        this.prefilledNanos = ticker.nanos();
        this.prefill = prefill;
    }

    @Override
    public void sent() {
        sentNanos = ticker.nanos();
        if (prefill == null && !wasSent) {
            observer.handedOver(pool, sentNanos - prefilledNanos);
        }
        wasSent = true;
        tries.sent();
        decode.ticket().sent();
    }

    @Override
    public void answering(int status) {
        long nanos = ticker.nanos() - sentNanos;
        observer.decoding(pool, nanos);
        tries.answering();
        if (status < 300 && prompt.streamed() && prefill == null) {
            disaggregation.judgement().handedOver(prompt, nanos);
        }
        decode.ticket().answering(status);
    }

    @Override
    public void end(AttemptEnd end) {
        boolean failed = end.failure() != null || end.status() >= 400;
        if (failed && prefill != null && prefill.cancel(false)) {
            observer.siblingCancelled(pool, Side.PREFILL);
        }
        boolean blameless = end.failure() == FailureKind.PREFILL_FAILED || end.failure() == FailureKind.BAD_REQUEST;
        if (!failed) {
            disaggregation
                    .judgement()
                    .cached(Side.DECODE, prompt, decode.endpoint().authority());
        }
        decode.ticket().end(blameless ? AttemptEnd.unused() : end);
    }
}
