package io.penstock.router.fleet;

import io.penstock.proxy.api.EngineClient;
import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

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
    private final HealthConfig config;
    private final EngineClient client;
    private final ControlPlane control;
    private final DoubleSupplier random;
    private final Consumer<ProbeOutcome> outcome;
    private boolean waiting;

    HealthProbe(Probed probed, EngineClient client, ControlPlane control, DoubleSupplier random) {
        this.engine = probed.engine();
        this.config = probed.config();
        this.outcome = probed.outcome();
        this.client = client;
        this.control = control;
        this.random = random;
    }

    /**
     * What is probed and who is told.
     *
     * @param engine the engine
     * @param config path and times
     * @param outcome told on the control plane after each probe
     */
    record Probed(Engine engine, HealthConfig config, Consumer<ProbeOutcome> outcome) {}

    /** Sends a probe, unless the last one is still out, and plans the next. */
    void controlProbe() {
        if (!waiting) {
            waiting = true;
            var unused = client.get(engine.endpoint(), config.path(), config.timeout())
                    .addListener(future -> {
                        ProbeOutcome answer = ProbeOutcome.of(config.path(), future);
                        control.execute(() -> controlAnswered(answer));
                    });
        }
        control.schedule(nextDelay(), this::controlProbe);
    }

    private Duration nextDelay() {
        double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
        return Duration.ofNanos((long) (config.interval().toNanos() * factor));
    }

    private void controlAnswered(ProbeOutcome answer) {
        waiting = false;
        outcome.accept(answer);
    }
}
