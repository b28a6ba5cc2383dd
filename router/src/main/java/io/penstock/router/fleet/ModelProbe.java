package io.penstock.router.fleet;

import io.penstock.proxy.api.EngineClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks one engine in turn which models it serves, adapters included. What was learned stays until the engine lists
 * something else: an engine that cannot be asked, or has no such list, takes nothing back.
 *
 * <p>Threading: control plane.
 */
final class ModelProbe {

    private static final String PATH = "/v1/models";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Engine engine;
    private final EngineClient client;
    private final ControlPlane control;
    private final Consumer<List<ModelCard>> learned;
    private boolean waiting;

    /** Tells {@code learned} on the control plane of every list. */
    ModelProbe(Engine engine, EngineClient client, ControlPlane control, Consumer<List<ModelCard>> learned) {
        this.engine = engine;
        this.client = client;
        this.control = control;
        this.learned = learned;
    }

    /** Asks now, unless the last question is still out. */
    void controlAsk() {
        if (waiting) {
            return;
        }
        waiting = true;
        var unused = client.get(engine.endpoint(), PATH, TIMEOUT).addListener(future -> {
            boolean good =
                    future.isSuccess() && future.getNow() instanceof EngineClient.Reply reply && reply.status() == 200;
            String body = good ? ((EngineClient.Reply) future.getNow()).body() : "";
            control.execute(() -> controlAnswered(body));
        });
    }

    private void controlAnswered(String body) {
        waiting = false;
        List<ModelCard> cards = ModelCards.parse(body);
        if (!cards.isEmpty()) {
            learned.accept(cards);
        }
    }
}
