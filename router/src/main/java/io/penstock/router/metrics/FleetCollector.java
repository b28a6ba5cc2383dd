package io.penstock.router.metrics;

import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/**
 * Shows the fleet as it is at the moment of the scrape; an engine that left it is not shown any more. Threading: any
 * thread; reads only.
 */
final class FleetCollector extends Collector {

    private static final List<String> ENGINE = List.of("pool", "engine");
    private static final List<String> ENGINE_AND_STATE = List.of("pool", "engine", "state");

    private final FleetView fleet;

    FleetCollector(FleetView fleet) {
        this.fleet = fleet;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var state = new GaugeMetricFamily(
                MetricNames.ENGINE_STATE,
                "1 for the state an engine is in, 0 for the others. New and ready engines are picked, half_open"
                        + " ones (just ejected) by one request at a time; ejected (its requests failed), busy (it asked"
                        + " for a pause), down (its probes fail) and draining ones are not.",
                ENGINE_AND_STATE);
        var inFlight = new GaugeMetricFamily(
                MetricNames.ENGINE_IN_FLIGHT, "Requests of this router that an engine is working on.", ENGINE);
        var prompts = new GaugeMetricFamily(
                MetricNames.ENGINE_PROMPT_TOKENS,
                "Tokens of prompts that an engine was sent and has not begun to answer; estimated where nobody counts.",
                ENGINE);
        var sessions = new GaugeMetricFamily(
                MetricNames.ENGINE_SESSIONS, "Sessions seen lately whose home is the engine.", ENGINE);
        for (EngineView engine : fleet.engines()) {
            for (EngineState each : EngineState.values()) {
                state.addMetric(List.of(engine.pool(), engine.engine(), each.label()), each == engine.state() ? 1 : 0);
            }
            List<String> labels = List.of(engine.pool(), engine.engine());
            inFlight.addMetric(labels, engine.inFlight());
            prompts.addMetric(labels, (double) engine.promptTokens());
            sessions.addMetric(labels, (double) engine.sessionsHomed());
        }
        return List.of(state, inFlight, prompts, sessions);
    }
}
