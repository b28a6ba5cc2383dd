package io.penstock.router.disaggregate;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Ticket;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;

/**
 * The ticket of an engine that prefills a prompt, a prefill engine or a decode engine by itself: measures how long it takes.
 * Threading: confined to the request's loop.
 */
@LoopConfined
final class PrefillTicket implements Ticket {

    private final Ticket engine;
    private final String name;
    private final Side side;
    private final Judgement judgement;
    private final Judgement.Prompt prompt;
    private final Ticker ticker;
    private long sentNanos;
    private boolean prefilling = true;

    PrefillTicket(Ticket engine, String name, Side side, Judgement.Prompt prompt, Disaggregation pool) {
        this.engine = engine;
        this.name = name;
        this.side = side;
        this.judgement = pool.judgement();
        this.prompt = prompt;
        this.ticker = pool.fleet().ticker();
        judgement.began(side, prompt);
    }

    @Override
    public void sent() {
        sentNanos = ticker.nanos();
        engine.sent();
    }

    /** A prefill engine answers when it is done, a decode engine with the first token, unless the answer comes as a whole. */
    @Override
    public void answering(int status) {
        if (status < 300 && (side == Side.PREFILL || prompt.streamed())) {
            judgement.took(side, prompt, ticker.nanos() - sentNanos);
        }
        over();
        engine.answering(status);
    }

    @Override
    public void end(AttemptEnd end) {
        over();
        if (end.failure() == null && end.status() < 300) {
            judgement.cached(side, prompt, name);
        }
        engine.end(end);
    }

    private void over() {
        if (prefilling) {
            prefilling = false;
            judgement.ended(side, prompt);
        }
    }
}
