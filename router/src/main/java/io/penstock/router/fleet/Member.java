package io.penstock.router.fleet;

import java.time.Duration;
import java.util.List;

/**
 * One engine with everything the control plane knows of it: its health and the models it listed last.
 *
 * <p>Threading: control plane.
 */
final class Member {

    private final Engine engine;
    private final EngineHealth health;
    private List<ModelCard> cards = List.of();
    private long outSinceNanos;

    Member(Engine engine, EngineHealth health) {
        this.engine = engine;
        this.health = health;
    }

    Engine engine() {
        return engine;
    }

    EngineHealth health() {
        return health;
    }

    /** It may not be picked from now on. */
    void controlOut(long nowNanos) {
        outSinceNanos = nowNanos;
    }

    /** For how long it was out, now that it is back. */
    Duration controlOutFor(long nowNanos) {
        return Duration.ofNanos(nowNanos - outSinceNanos);
    }

    List<ModelCard> cards() {
        return cards;
    }

    /** The models it listed last. */
    List<String> modelNames() {
        return cards.stream().map(ModelCard::id).toList();
    }

    /** Takes over a new list; false if it says what was known. */
    boolean controlLearn(List<ModelCard> listed) {
        if (ModelCards.sayTheSame(cards, listed)) {
            return false;
        }
        cards = listed;
        return true;
    }
}
