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
    private boolean ended;

    /** A ticket of an engine that counts it already; {@code trial} if the engine is tried with it. */
    EngineTicket(Engine engine, @Nullable Trial trial) {
        this.engine = engine;
        this.trial = trial;
    }

    /** The engine that admitted it. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void answering(int status) {
        Trial tried = trial;
        if (tried != null && status < 400) {
            trial = null;
            engine.answering(tried);
        }
    }

    @Override
    public void end(AttemptEnd end) {
        assert !ended : "ended twice: a ticket of " + engine;
        if (!ended) {
            ended = true;
            engine.ended(end, trial);
        }
    }
}
