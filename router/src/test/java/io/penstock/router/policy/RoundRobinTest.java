package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundRobinTest extends SelectorContract {

    @Override
    RoutingPolicy policy() {
        return new RoundRobin();
    }

    @Override
    RoutingPolicy policyNearOverflow() {
        return new RoundRobin(Integer.MAX_VALUE - 10);
    }

    @Test
    void enginesTakeTurnsWhateverTheirLoad() {
        List<Engine> engines = Fleets.engines(3);
        Fleets.admit(engines.get(0));
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 9; i++) {
            assertThat(pick(selector, ANY).engine()).isEqualTo(engines.get(i % 3));
        }
    }

    @Test
    void secondAttemptsTakeNobodysTurnAndSpread() {
        List<Engine> engines = Fleets.engines(3);
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 12; i++) {
            assertThat(pick(selector, ANY).engine()).isEqualTo(engines.get(i % 3));
            pick(selector, new PickRequest(null, List.of(engines.get(0)), true));
        }
        assertThat(engines.get(0).inFlight()).isEqualTo(4);
        assertThat(engines.get(1).inFlight()).isGreaterThan(7);
        assertThat(engines.get(2).inFlight()).isGreaterThan(7);
    }

    @Test
    void theTurnGoesOnOverSnapshots() {
        RoutingPolicy policy = policy();
        List<Engine> engines = Fleets.engines(3);
        for (int i = 0; i < 9; i++) {
            assertThat(pick(policy.selector(engines), ANY).engine()).isEqualTo(engines.get(i % 3));
        }
    }
}
