package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.PolicyConfig;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import io.penstock.router.fleet.SessionKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ZoneFirstTest extends SelectorContract {

    private final Engine near1 = Fleets.engineIn("a", "near1", Fleets.limits(2, 0, 0));
    private final Engine near2 = Fleets.engineIn("a", "near2", Fleets.limits(2, 0, 0));
    private final Engine far = Fleets.engineIn("b", "far", Fleets.limits(2, 0, 0));
    private final Engine somewhere = Fleets.engine("somewhere");
    private final List<Engine> all = List.of(far, near1, somewhere, near2);

    private static RoutingPolicy policy(PolicyConfig.Type type) {
        return Policies.of(
                new PolicyConfig(type, 1.25, 8, PolicyConfig.Type.LEAST_REQUESTS, 100, 64, true), () -> 0, "a");
    }

    @Override
    RoutingPolicy policy() {
        return policy(PolicyConfig.Type.LEAST_REQUESTS);
    }

    @ParameterizedTest
    @EnumSource(PolicyConfig.Type.class)
    void enginesOfTheZoneArePickedWhileOneHasRoomAndTheOthersThen(PolicyConfig.Type type) {
        EngineSelector selector = policy(type).selector(all);
        for (int i = 0; i < 4; i++) {
            assertThat(pick(selector, of("s" + i)).engine()).isIn(near1, near2);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(pick(selector, of("s" + i)).engine()).isIn(far, somewhere);
        }
    }

    @Test
    void enginesOfTheZoneThatMayNotBePickedLeaveTheRequestToTheOthers() {
        EngineSelector selector = policy().selector(all);
        var again = new PickRequest(null, List.of(near1, near2), true);
        assertThat(pick(selector, again).engine()).isIn(far, somewhere);
        assertThat(pick(policy().selector(List.of(far)), ANY).engine()).isSameAs(far);
    }

    @Test
    void aSessionHasAHomeInTheZoneAndGoesBackThere() {
        EngineSelector selector = policy(PolicyConfig.Type.SESSION).selector(all);
        Engine home = pick(selector, of("s")).engine();
        var another = new PickRequest(SessionKey.of("s"), List.of(near1, near2), true);
        Engine away = pick(selector, another).engine();
        assertThat(away).isIn(far, somewhere);
        assertThat(pick(selector, of("s")).engine()).isSameAs(home);
    }

    @Test
    void allZonesAreTheSameToARouterThatKnowsNoneAndToPoolsThatDoNotAsk() {
        var asks = new PolicyConfig(
                PolicyConfig.Type.ROUND_ROBIN, 1.25, 8, PolicyConfig.Type.LEAST_REQUESTS, 100, 64, true);
        assertThat(Policies.of(asks, () -> 0, "")).isInstanceOf(RoundRobin.class);
        assertThat(Policies.of(Fleets.policy(PolicyConfig.Type.ROUND_ROBIN), () -> 0, "a"))
                .isInstanceOf(RoundRobin.class);
    }
}
