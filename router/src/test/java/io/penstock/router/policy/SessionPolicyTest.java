package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import io.penstock.router.fleet.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SessionPolicyTest extends SelectorContract {

    private static final double FACTOR = 1.25;
    private static final LoadBound BOUND = new LoadBound(FACTOR, 0);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Ticker ticker = now::get;
    private final SessionMemory memory = new SessionMemory(1000, ticker);

    @Override
    RoutingPolicy policy() {
        return new SessionPolicy(BOUND, new LeastRequests(), memory);
    }

    private static Engine served(EngineSelector selector, PickRequest request) {
        EngineTicket ticket = pick(selector, request);
        ticket.end(Fleets.WELL);
        return ticket.engine();
    }

    private static Map<String, Engine> homes(EngineSelector selector, int sessions) {
        Map<String, Engine> homes = new HashMap<>();
        IntStream.range(0, sessions).forEach(i -> homes.put("s" + i, served(selector, of("s" + i))));
        return homes;
    }

    @Test
    void everySessionStaysHome() {
        EngineSelector selector = policy().selector(Fleets.engines(4));
        Map<String, Engine> homes = homes(selector, 200);
        for (int turn = 0; turn < 5; turn++) {
            assertThat(homes(selector, 200)).isEqualTo(homes);
        }
        assertThat(homes.values().stream().distinct()).hasSize(4);
    }

    @Test
    void sessionsSpreadEvenly() {
        List<Engine> engines = Fleets.engines(4);
        Map<String, Engine> homes = homes(policy().selector(engines), 4000);
        for (Engine engine : engines) {
            assertThat(Collections.frequency(homes.values(), engine)).isBetween(880, 1120);
            assertThat(engine.sessionsHomed()).isEqualTo(Collections.frequency(homes.values(), engine));
        }
    }

    @Test
    void twoRoutersAgreeWhateverTheOrderOfTheirEngines() {
        List<Engine> reversed = new ArrayList<>(Fleets.engines(5));
        Collections.reverse(reversed);
        Map<String, Engine> here = homes(policy().selector(Fleets.engines(5)), 200);
        Map<String, Engine> there = homes(
                new SessionPolicy(BOUND, new LeastRequests(), new SessionMemory(10, ticker)).selector(reversed), 200);

        here.forEach((session, engine) ->
                assertThat(Objects.requireNonNull(there.get(session)).name()).isEqualTo(engine.name()));
    }

    @Test
    void theHomesAreThoseOfEveryVersion() {
        // a change of the hash moves all sessions of all routers that run side by side during an upgrade
        EngineSelector selector = policy().selector(Fleets.engines(4));

        assertThat(Stream.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
                        .map(session -> served(selector, of(session)).name()))
                .containsExactly("e2:8000", "e4:8000", "e4:8000", "e3:8000", "e1:8000", "e4:8000");
    }

    @Test
    void anEngineThatGoesMovesOnlyItsOwnSessions() {
        List<Engine> engines = Fleets.engines(5);
        RoutingPolicy policy = policy();
        Map<String, Engine> before = homes(policy.selector(engines), 500);
        Engine gone = engines.get(2);
        List<Engine> left = engines.stream().filter(engine -> engine != gone).toList();
        Map<String, Engine> after = homes(policy.selector(left), 500);

        before.forEach((session, engine) -> {
            if (engine != gone) {
                assertThat(after.get(session)).isEqualTo(engine);
            }
        });
        assertThat(after.values()).doesNotContain(gone);
        assertThat(gone.sessionsHomed()).isZero();
        assertThat(homes(policy.selector(engines), 500))
                .as("and they come back with it")
                .isEqualTo(before);
    }

    @Test
    void noEngineHoldsMoreThanTheBound() {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        for (int total = 0; total < 400; total++) {
            Engine picked = pick(selector, of("the same session")).engine();
            assertThat(picked.inFlight()).isLessThanOrEqualTo((int) Math.ceil(FACTOR * (total + 1) / 4));
        }
    }

    @Test
    void concurrentRequestsOfAnIdlePoolStayAtTheirHome() {
        RoutingPolicy policy = new SessionPolicy(new LoadBound(FACTOR, 8), new LeastRequests(), memory);
        EngineSelector selector = policy.selector(Fleets.engines(4));
        Engine home = pick(selector, of("alpha")).engine();

        assertThat(pick(selector, of("alpha")).engine()).as("the same session").isEqualTo(home);
        assertThat(sameHome(selector, home)).as("other sessions of the home").containsOnly(home);
        assertThat(home.inFlight()).isEqualTo(8);
    }

    /** Holds six requests of sessions that live at {@code home}. */
    private static List<Engine> sameHome(EngineSelector selector, Engine home) {
        List<Engine> picked = new ArrayList<>();
        for (int i = 0; picked.size() < 6; i++) {
            EngineTicket ticket = pick(selector, of("s" + i));
            if (ticket.engine() == home) {
                picked.add(ticket.engine());
            } else {
                ticket.end(Fleets.WELL);
            }
        }
        return picked;
    }

    @Test
    void beyondSpillAboveTheBoundRules() {
        RoutingPolicy policy = new SessionPolicy(new LoadBound(FACTOR, 8), new LeastRequests(), memory);
        EngineSelector selector = policy.selector(Fleets.engines(4));
        for (int total = 0; total < 400; total++) {
            Engine picked = pick(selector, of("the same session")).engine();
            int bound = (int) Math.ceil(FACTOR * (total + 1) / 4);
            assertThat(picked.inFlight()).isLessThanOrEqualTo(Math.max(8, bound));
        }
    }

    @Test
    void aHomeThatHoldsSpillAboveRequestsPassesTheNextOneOn() {
        RoutingPolicy policy = new SessionPolicy(new LoadBound(FACTOR, 8), new LeastRequests(), memory);
        EngineSelector selector = policy.selector(Fleets.engines(4));
        Engine home = served(selector, of("s"));
        fill(home, 8);

        assertThat(served(selector, of("s"))).isNotEqualTo(home);
    }

    @Test
    void aSpilledSessionStaysWhereItWent() {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        Engine home = served(selector, of("s"));
        List<EngineTicket> load = fill(home, 3);
        EngineTicket spilled = pick(selector, of("s"));
        assertThat(spilled.engine()).isNotEqualTo(home);
        spilled.end(Fleets.WELL);
        load.forEach(ticket -> ticket.end(Fleets.WELL));

        assertThat(served(selector, of("s"))).as("home has room again").isEqualTo(spilled.engine());

        now.addAndGet(SessionMemory.IDLE.plusSeconds(1).toNanos());
        assertThat(served(selector, of("s"))).as("after a rest").isEqualTo(home);
    }

    @Test
    void aSpilledSessionGoesHomeWhenItsSecondEngineIsFull() {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        Engine home = served(selector, of("s"));
        List<EngineTicket> load = fill(home, 3);
        Engine second = served(selector, of("s"));
        load.forEach(ticket -> ticket.end(Fleets.WELL));
        List<EngineTicket> secondLoad = fill(second, 3);
        assertThat(served(selector, of("s"))).isEqualTo(home);
        secondLoad.forEach(ticket -> ticket.end(Fleets.WELL));

        assertThat(served(selector, of("s"))).as("the spill is forgotten").isEqualTo(home);
    }

    @Test
    void aSpilledSessionLeavesAnEngineThatMayNotBePicked() {
        List<Engine> engines = Fleets.engines(4);
        RoutingPolicy policy = policy();
        EngineSelector selector = policy.selector(engines);
        Engine home = served(selector, of("s"));
        List<EngineTicket> load = fill(home, 3);
        Engine second = served(selector, of("s"));
        load.forEach(ticket -> ticket.end(Fleets.WELL));
        List<Engine> left = engines.stream().filter(engine -> engine != second).toList();

        assertThat(served(policy.selector(left), of("s"))).isEqualTo(home);
    }

    @Test
    void aRetryElsewhereIsNotRemembered() {
        EngineSelector selector = policy().selector(Fleets.engines(4));
        Engine home = served(selector, of("s"));
        Engine other = served(selector, new PickRequest(SessionKey.of("s"), List.of(home), true));

        assertThat(other).isNotEqualTo(home);
        assertThat(served(selector, of("s"))).isEqualTo(home);
    }

    @Test
    void withoutMemoryASpilledSessionGoesHome() {
        EngineSelector selector =
                new SessionPolicy(BOUND, new LeastRequests(), new SessionMemory(0, ticker)).selector(Fleets.engines(4));
        Engine home = served(selector, of("s"));
        List<EngineTicket> load = fill(home, 3);
        assertThat(served(selector, of("s"))).isNotEqualTo(home);
        load.forEach(ticket -> ticket.end(Fleets.WELL));

        assertThat(served(selector, of("s"))).isEqualTo(home);
    }

    @Test
    void sessionsNotSeenForLongAreNoLongerCounted() {
        List<Engine> engines = Fleets.engines(2);
        RoutingPolicy policy = policy();
        homes(policy.selector(engines), 50);
        now.addAndGet(SessionMemory.IDLE.plus(Duration.ofSeconds(1)).toNanos());
        policy.controlTidy();

        assertThat(engines).allMatch(engine -> engine.sessionsHomed() == 0);
    }

    @Test
    void withoutASessionTheFallbackPicks() {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 100; i++) {
            pick(selector, ANY);
        }
        assertThat(engines).extracting(Engine::inFlight).containsOnly(25);
    }

    private static List<EngineTicket> fill(Engine engine, int requests) {
        return IntStream.range(0, requests).mapToObj(i -> Fleets.admit(engine)).toList();
    }
}
