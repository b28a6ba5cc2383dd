package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PowerOfTwoTest extends SelectorContract {

    @Override
    RoutingPolicy policy() {
        return new PowerOfTwo(new Random(3)::nextInt);
    }

    @Test
    void ofTwoDrawnTheLessLoadedIsPicked() {
        List<Engine> engines = Fleets.engines(3);
        Fleets.admit(engines.get(0));
        // draws 0 and 1: engines 1 and 3 of 3, as the second is drawn from the others
        EngineSelector selector = new PowerOfTwo(bound -> bound == 3 ? 0 : 1).selector(engines);

        assertThat(pick(selector, ANY).engine()).isEqualTo(engines.get(2));
    }

    @Test
    void theSameEngineIsNeverDrawnTwice() {
        List<Engine> engines = Fleets.engines(2);
        Fleets.admit(engines.get(1));
        for (int first = 0; first < 2; first++) {
            int draw = first;
            EngineSelector selector = new PowerOfTwo(bound -> bound == 2 ? draw : 0).selector(engines);
            var ticket = pick(selector, ANY);
            assertThat(ticket.engine()).isEqualTo(engines.get(0));
            ticket.end(Fleets.WELL);
        }
    }

    @Test
    void loadStaysNearlyEven() {
        List<Engine> engines = Fleets.engines(10);
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 1000; i++) {
            pick(selector, ANY);
        }
        assertThat(engines).allMatch(engine -> Math.abs(engine.inFlight() - 100) <= 4);
    }
}
