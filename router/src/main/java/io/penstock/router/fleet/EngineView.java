package io.penstock.router.fleet;

import java.util.List;
import java.util.Map;

/**
 * One engine as metrics and the admin port see it, read at one moment. Threading: immutable.
 *
 * @param pool the pool it belongs to
 * @param engine its name, {@code host:port}
 * @param state whether it may be picked
 * @param inFlight attempts whose response body has not ended
 * @param promptTokens tokens of prompts whose answer has not begun
 * @param sessionsHomed sessions seen lately whose home it is
 * @param models the models it serves, adapters included
 * @param labels what the list of its pool says of it
 */
public record EngineView(
        String pool,
        String engine,
        EngineState state,
        int inFlight,
        long promptTokens,
        long sessionsHomed,
        List<String> models,
        Map<String, String> labels) {

    /** An engine as it is now. */
    static EngineView of(EngineStanding at) {
        Engine engine = at.engine();
        return new EngineView(
                engine.pool(),
                engine.name(),
                at.state(),
                engine.inFlight(),
                engine.promptTokens(),
                engine.sessionsHomed(),
                at.models(),
                at.listed().labels());
    }

    /** An engine with no prompt to work off, and no labels. */
    public EngineView(
            String pool, String engine, EngineState state, int inFlight, long sessionsHomed, List<String> models) {
        this(pool, engine, state, inFlight, 0, sessionsHomed, models, Map.of());
    }
}
