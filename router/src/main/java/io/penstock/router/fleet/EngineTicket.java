package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Ticket;

/**
 * One admitted attempt on one engine: opened by the pick that counted it, ended once when the response body ends.
 *
 * <p>Threading: confined to the event loop of its request. A second end is a defect: it fails an assertion, and where
 * assertions are off it changes nothing.
 */
public final class EngineTicket implements Ticket {

    private final Engine engine;
    private boolean ended;

    EngineTicket(Engine engine) {
        this.engine = engine;
    }

    /** The engine that admitted it. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void end(AttemptEnd end) {
        assert !ended : "ended twice: a ticket of " + engine;
        if (!ended) {
            ended = true;
            engine.ended(end);
        }
    }
}
