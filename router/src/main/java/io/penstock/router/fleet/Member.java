package io.penstock.router.fleet;

import java.util.List;

/**
 * One engine with everything the control plane knows of it: its health and the models it listed last.
 *
 * <p>Threading: control plane.
 */
final class Member {

    private final Engine engine;
    private final EngineWatch watch;
    private List<ModelCard> cards = List.of();

    Member(Engine engine, EngineWatch watch) {
        this.engine = engine;
        this.watch = watch;
    }

    Engine engine() {
        return engine;
    }

    EngineWatch watch() {
        return watch;
    }

    EngineHealth health() {
        return watch.health();
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
