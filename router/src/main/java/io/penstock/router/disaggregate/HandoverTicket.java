package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
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

    private final Ticket decode;
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
     * @param decode the engine's own ticket
     * @param prefill the prefill that runs beside it, or null if it is over
     */
    HandoverTicket(Ticket decode, Disaggregation pool, Ticker ticker, @Nullable Future<?> prefill) {
        this.decode = decode;
        this.pool = pool.name();
        this.observer = pool.observer();
        this.ticker = ticker;
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
        decode.sent();
    }

    @Override
    public void answering(int status) {
        observer.decoding(pool, ticker.nanos() - sentNanos);
        decode.answering(status);
    }

    @Override
    public void end(AttemptEnd end) {
        boolean failed = end.failure() != null || end.status() >= 400;
        if (failed && prefill != null && prefill.cancel(false)) {
            observer.siblingCancelled(pool, Side.PREFILL);
        }
        boolean blameless = end.failure() == FailureKind.PREFILL_FAILED || end.failure() == FailureKind.BAD_REQUEST;
        decode.end(blameless ? AttemptEnd.unused() : end);
    }
}
