package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import io.penstock.router.fleet.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every policy owes: a subclass names the policy. */
abstract class SelectorContract {

    static final PickRequest ANY = new PickRequest(null, List.of(), false);

    abstract RoutingPolicy policy();

    /** The policy with its internal counter close before overflow, or as it is if it has none. */
    RoutingPolicy policyNearOverflow() {
        return policy();
    }

    static PickRequest of(String session) {
        return new PickRequest(SessionKey.of(session), List.of(), false);
    }

    static EngineTicket pick(EngineSelector selector, PickRequest request) {
        return Objects.requireNonNull(selector.select(request), "no engine was picked");
    }

    @Test
    void nothingIsPickedFromNothing() {
        EngineSelector selector = policy().selector(List.of());

        assertThat(selector.select(ANY)).isNull();
        assertThat(selector.select(of("s"))).isNull();
    }

    @Test
    void theOnlyEngineIsPickedAndCounted() {
        List<Engine> engines = Fleets.engines(1);
        EngineSelector selector = policy().selector(engines);
        for (int i = 1; i <= 10; i++) {
            assertThat(pick(selector, i % 2 == 0 ? ANY : of("s" + i)).engine().inFlight())
                    .isEqualTo(i);
        }
    }

    @Test
    void anExcludedEngineIsNotPickedHoweverIdle() {
        List<Engine> engines = Fleets.engines(3);
        EngineSelector selector = policy().selector(engines);
        List<Engine> excluded = engines.subList(0, 2);
        for (int i = 0; i < 20; i++) {
            SessionKey session = i % 2 == 0 ? null : SessionKey.of("s" + i);
            assertThat(pick(selector, new PickRequest(session, excluded, true)).engine())
                    .isEqualTo(engines.get(2));
        }
        assertThat(engines.get(0).inFlight()).isZero();
        assertThat(engines.get(1).inFlight()).isZero();
    }

    @Test
    void whenAllAreExcludedNothingIsPickedOrCounted() {
        List<Engine> engines = Fleets.engines(3);
        EngineSelector selector = policy().selector(engines);

        assertThat(selector.select(new PickRequest(null, engines, true))).isNull();
        assertThat(selector.select(new PickRequest(SessionKey.of("s"), engines, true)))
                .isNull();
        assertThat(engines).allMatch(engine -> engine.inFlight() == 0);
    }

    @Test
    void countersMayOverflow() {
        List<Engine> engines = Fleets.engines(3);
        EngineSelector selector = policyNearOverflow().selector(engines);
        for (int i = 0; i < 30; i++) {
            pick(selector, ANY).end(Fleets.WELL);
        }
        assertThat(engines).allMatch(engine -> engine.inFlight() == 0);
    }

    @Test
    void whileEnginesComeAndGoEveryPickIsOfThoseThatAreThere() {
        RoutingPolicy policy = policy();
        List<Engine> all = Fleets.engines(8);
        Random random = new Random(7);
        List<EngineTicket> open = new ArrayList<>();
        for (int round = 0; round < 200; round++) {
            List<Engine> now =
                    all.stream().filter(engine -> random.nextInt(3) > 0).toList();
            EngineSelector selector = policy.selector(now);
            for (int i = 0; i < 5 && !now.isEmpty(); i++) {
                EngineTicket ticket = pick(selector, random.nextBoolean() ? ANY : of("s" + random.nextInt(20)));
                assertThat(now).contains(ticket.engine());
                open.add(ticket);
            }
            while (open.size() > 20) {
                open.remove(random.nextInt(open.size())).end(Fleets.WELL);
            }
        }
        assertThat(all.stream().mapToInt(Engine::inFlight).sum()).isEqualTo(open.size());
        open.forEach(ticket -> ticket.end(Fleets.WELL));
        assertThat(all).allMatch(engine -> engine.inFlight() == 0);
    }

    @Test
    void noEngineIsGivenMoreThanItMayHold() {
        List<Engine> engines = limitedTo(2, 4);
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 8; i++) {
            pick(selector, i % 2 == 0 ? ANY : of("s" + i));
        }
        assertThat(engines).allMatch(engine -> engine.inFlight() == 2);
        assertThat(selector.select(ANY)).isNull();
        assertThat(selector.select(of("s"))).isNull();
        assertThat(engines).allMatch(engine -> engine.inFlight() == 2);
    }

    @Test
    void theOneEngineWithRoomIsFound() {
        List<Engine> engines = limitedTo(1, 5);
        EngineSelector selector = policy().selector(engines);
        for (Engine engine : engines) {
            if (engine != engines.get(3)) {
                Fleets.admit(engine);
            }
        }
        EngineTicket ticket = pick(selector, ANY);
        assertThat(ticket.engine()).isEqualTo(engines.get(3));
        ticket.end(Fleets.WELL);
        assertThat(pick(selector, of("s")).engine()).isEqualTo(engines.get(3));
    }

    private static List<Engine> limitedTo(int requests, int engines) {
        return IntStream.rangeClosed(1, engines)
                .mapToObj(i -> Fleets.engine("e" + i, Fleets.limits(requests, 0, 0)))
                .toList();
    }
}
