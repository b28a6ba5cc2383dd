package io.penstock.router.fleet;

import io.penstock.router.config.HealthConfig;
import io.penstock.router.config.PoolConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine with everything the control plane knows of it: its health and the models it listed last, and who asks for them. One
 * that was removed from the configuration leaves: it drains, and nobody asks it any more.
 *
 * <p>Threading: control plane.
 */
final class Member {

    private final Engine engine;
    private final EngineWatch watch;
    private boolean drainConfigured;
    private boolean leaving;
    private List<ModelCard> cards = List.of();
    private @Nullable HealthProbe healthProbe;
    private @Nullable ModelProbe modelProbe;

    /** A member that is not probed yet. */
    Member(Engine engine, EngineWatch watch, boolean drainConfigured) {
        this.engine = engine;
        this.watch = watch;
        this.drainConfigured = drainConfigured;
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

    /** It is in the new configuration, too. What an operator said of it stays, unless the file says something else now. */
    void controlStay(PoolConfig.EngineConfig config, HealthConfig now) {
        boolean again = leaving;
        boolean probesChange = again || !now.equals(health().config());
        leaving = false;
        health().controlConfigure(now);
        if (again || config.drain() != drainConfigured) {
            watch.controlDrain(config.drain(), "the configuration was changed");
        }
        drainConfigured = config.drain();
        if (healthProbe != null && probesChange) {
            healthProbe.controlProbe();
        }
    }

    /** It is in the configuration no more: no new requests, and nobody asks it. */
    void controlLeave() {
        if (!leaving) {
            leaving = true;
            watch.controlDrain(true, "removed from the configuration");
            if (healthProbe != null) {
                healthProbe.controlStop();
            }
        }
    }

    boolean isLeaving() {
        return leaving;
    }
}
