package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * One admitted attempt on one engine: opened by the pick that counted it, ended once when the response body ends.
 *
 * <p>Threading: confined to the event loop of its request, to which it may be handed over once. A second end is a defect: it fails an assertion, and where
 * assertions are off it changes nothing.
 */
public final class EngineTicket implements Ticket {

    private final Engine engine;
    private @Nullable Trial trial;
    private int promptTokens;
    private boolean ended;

    /** A ticket of an engine that counts it and its prompt already; {@code trial} if the engine is tried with it. */
    EngineTicket(Engine engine, @Nullable Trial trial, int promptTokens) {
        this.engine = engine;
        this.trial = trial;
        this.promptTokens = promptTokens;
    }

    /** The engine that admitted it. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void answering(int status) {
        prefilled();
        Trial tried = trial;
        if (tried != null && status < 400) {
            trial = null;
            engine.answering(tried);
        }
    }

    /** With the first byte of an answer the prompt has been worked off. */
    private void prefilled() {
        engine.prefilled(promptTokens);
        promptTokens = 0;
    }

    @Override
    public void end(AttemptEnd end) {
        assert !ended : "ended twice: a ticket of " + engine;
        if (!ended) {
            ended = true;
            prefilled();
            engine.ended(end, trial);
        }
    }
}
