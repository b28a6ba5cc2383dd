package io.penstock.router.fleet;

import io.penstock.proxy.api.EngineClient;
import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Asks one engine in turn whether it is well. Each engine has its own, so a slow one delays no other; probes of one
 * engine never overlap. The first probe goes out at once, the next ones with some jitter, so that routers and engines do
 * not fall into step.
 *
 * <p>Threading: control plane.
 */
final class HealthProbe {

    private static final double JITTER = 0.1;

    private final Engine engine;
    private final Supplier<HealthConfig> settings;
    private final EngineClient client;
    private final ControlPlane control;
    private final DoubleSupplier random;
    private final Consumer<ProbeOutcome> outcome;
    private boolean waiting;
    private int round;

    HealthProbe(Probed probed, EngineClient client, ControlPlane control, DoubleSupplier random) {
        this.engine = probed.engine();
        this.settings = probed.config();
        this.outcome = probed.outcome();
        this.client = client;
        this.control = control;
        this.random = random;
    }

    /**
     * What is probed and who is told.
     *
     * @param engine the engine
     * @param config path and times as they are now
     * @param outcome told on the control plane after each probe
     */
    record Probed(Engine engine, Supplier<HealthConfig> config, Consumer<ProbeOutcome> outcome) {}

    /** Sends a probe now, unless the last one is still out, and plans the next instead of the one that was planned. */
    void controlProbe() {
        HealthConfig config = settings.get();
        if (!waiting) {
            waiting = true;
            var unused = client.get(engine.endpoint(), config.path(), config.timeout())
                    .addListener(future -> {
                        ProbeOutcome answer = ProbeOutcome.of(config.path(), future);
                        control.execute(() -> controlAnswered(answer));
                    });
        }
        int its = ++round;
        control.schedule(nextDelay(config), () -> {
            if (its == round) {
                controlProbe();
            }
        });
    }

    /** Sends no more probes. */
    void controlStop() {
        round++;
    }

    private Duration nextDelay(HealthConfig config) {
        double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
        return Duration.ofNanos((long) (config.interval().toNanos() * factor));
    }

    private void controlAnswered(ProbeOutcome answer) {
        waiting = false;
        outcome.accept(answer);
    }
}
