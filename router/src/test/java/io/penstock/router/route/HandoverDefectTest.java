package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.ScriptedEngines;
import org.junit.jupiter.api.Test;

/** A defect on the way through a disaggregated pool must not become a request without an answer. */
final class HandoverDefectTest {

    @Test
    void aPrefillThatCannotBeSentAtAllIsTold() throws ConfigException {
        RouterConfig config = ConfigLoader.parse("""
                pools:
                  - name: p
                    models: [m]
                    prefill: {engines: [http://p-1:8000]}
                    decode: {engines: [http://d-1:8000]}
                    disaggregation: {protocol: vllm-nixl}
                """);
        Fleet fleet = new Fleet(config, policy -> Fleets.firstLeft(), new ManualControl());
        fleet.start(new ScriptedEngines());
        FleetRouter router = new FleetRouter(config, fleet, BodyScans.NONE);

        Future<RouteDecision> decision = router.route(Requests.chat("m"));

        assertThat(decision.cause()).isInstanceOf(IllegalStateException.class);
        assertThat(fleet.engines()).extracting(EngineView::inFlight).containsOnly(0);
    }
}
