package io.penstock.router.fleet;

import io.penstock.router.config.HealthConfig;
import io.penstock.router.config.PoolConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine with everything the control plane knows of it: its health and the models it listed last, and who asks for them. One
 * that is not in its pool's list any more leaves: it drains, and nobody asks it any more.
 *
 * <p>Threading: control plane.
 */
final class Member {

    private final Engine engine;
    private final EngineWatch watch;
    private boolean leaving;
    private PoolConfig.EngineConfig listed;
    private List<ModelCard> cards = List.of();
    private @Nullable HealthProbe healthProbe;
    private @Nullable ModelProbe modelProbe;

    /** A member that is not probed yet; its label {@code model} stands in for what it will list. */
    Member(Engine engine, EngineWatch watch, PoolConfig.EngineConfig config) {
        this.engine = engine;
        this.watch = watch;
        this.listed = config;
        engine.controlZone(config.labels().get("zone"));
        String model = config.labels().get("model");
        if (model != null) {
            cards = List.of(ModelCards.named(model));
        }
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

    /** What its pool's list says of it. */
    PoolConfig.EngineConfig listed() {
        return listed;
    }

    /** Takes over a new list; false if it says what was known. */
    boolean controlLearn(List<ModelCard> learned) {
        if (ModelCards.sayTheSame(cards, learned)) {
            return false;
        }
        cards = learned;
        return true;
    }

    /** Asks it from now on; once for each member. */
    void controlProbe(HealthProbe health, ModelProbe models) {
        healthProbe = health;
        modelProbe = models;
        health.controlProbe();
        models.controlAsk();
    }

    boolean isProbed() {
        return healthProbe != null;
    }

    void controlAskModels() {
        if (modelProbe != null && !leaving) {
            modelProbe.controlAsk();
        }
    }

    /** It is in the new list, too. What an operator said of it stays, unless the list says something else now. */
    void controlStay(PoolConfig.EngineConfig config, HealthConfig now) {
        boolean again = leaving;
        boolean probesChange = again || !now.equals(health().config());
        leaving = false;
        engine.controlZone(config.labels().get("zone"));
        health().controlConfigure(now);
        if (again || config.drain() != listed.drain()) {
            watch.controlDrain(config.drain(), "the list of its pool was changed");
        }
        listed = config;
        if (healthProbe != null && probesChange) {
            healthProbe.controlProbe();
        }
    }

    /** It is in the list no more: no new requests, and nobody asks it. */
    void controlLeave() {
        if (!leaving) {
            leaving = true;
            watch.controlDrain(true, "removed from the list of its pool");
            if (healthProbe != null) {
                healthProbe.controlStop();
            }
        }
    }

    boolean isLeaving() {
        return leaving;
    }
}
