package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.HealthConfig;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a fleet keeps, and what it lets go, when its configuration changes. */
final class FleetReloadTest {

    private static final Duration SOON = Duration.ofMillis(300);

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();

    private static PoolConfig pool(String name, String... hosts) {
        return Fleets.pool(name, Fleets.health(), Stream.of(hosts), List.of("m"));
    }

    private Fleet started(PoolConfig... pools) {
        Fleet fleet = new Fleet(Fleets.config(List.of(pools)), policy -> Fleets.firstLeft(), control);
        fleet.start(engines);
        return fleet;
    }

    private static void apply(Fleet fleet, PoolConfig... pools) {
        List<String> applied = new ArrayList<>();
        fleet.apply(Fleets.config(List.of(pools)), () -> applied.add("once"));
        assertThat(applied).hasSize(1);
    }

    private static PoolSnapshot snapshot(Fleet fleet, String pool) {
        return Objects.requireNonNull(fleet.snapshot().pool(pool));
    }

    private static List<String> picked(Fleet fleet, String pool) {
        return snapshot(fleet, pool).pickable().stream().map(Engine::name).toList();
    }

    private static @Nullable EngineTicket pick(Fleet fleet, String pool) {
        return snapshot(fleet, pool).pick(new PickRequest(null, List.of(), false));
    }

    private static String states(Fleet fleet) {
        List<String> states = new ArrayList<>();
        fleet.engines()
                .forEach(engine -> states.add(engine.pool() + "/" + engine.engine() + " "
                        + engine.state().label() + " " + engine.inFlight()));
        return String.join(", ", states);
    }

    @Test
    void anEngineInBothStaysTheSameWithAllThatIsKnownOfIt() {
        engines.dead("b:8000", true);
        Fleet fleet = started(pool("p", "a", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        Engine a = running.engine();
        apply(fleet, pool("p", "c", "b", "a"));

        assertThat(states(fleet)).isEqualTo("p/c:8000 ready 0, p/b:8000 down 0, p/a:8000 ready 1");
        assertThat(snapshot(fleet, "p").pickable()).contains(a);
        running.end(Fleets.WELL);
        assertThat(a.inFlight()).isZero();
    }

    @Test
    void aNewEngineIsPickedAtOnceAndProbed() {
        Fleet fleet = started(pool("p", "a"));
        apply(fleet, pool("p", "a", "b"));

        assertThat(picked(fleet, "p")).containsExactly("a:8000", "b:8000");
        assertThat(engines.asked("b:8000", "/health")).isEqualTo(1);
        control.advance(Duration.ofSeconds(3));
        assertThat(engines.asked("b:8000", "/health")).isGreaterThan(1);
    }

    @Test
    void aRemovedEngineGetsNothingNewAndIsForgottenWithItsLastRequest() {
        Fleet fleet = started(pool("p", "a", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, pool("p", "b"));
        int asked = engines.asked("a:8000", "/health");

        assertThat(picked(fleet, "p")).containsExactly("b:8000");
        control.advance(Duration.ofSeconds(30));
        assertThat(states(fleet)).isEqualTo("p/b:8000 ready 0, p/a:8000 draining 1");
        assertThat(engines.asked("a:8000", "/health")).as("it is not probed").isEqualTo(asked);
        assertThat(engines.forgotten()).isEmpty();

        running.end(Fleets.WELL);
        control.advance(SOON);
        assertThat(states(fleet)).isEqualTo("p/b:8000 ready 0");
        assertThat(engines.forgotten()).containsExactly("a:8000");
        assertThat(fleet.stateChanges()).extracting(StateChanges::engine).doesNotContain("a:8000");
    }

    @Test
    void anEngineThatLeavesIsNotCalledBackByAnOperator() {
        Fleet fleet = started(pool("p", "a", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, pool("p", "b"));
        fleet.drain("a:8000", false);
        assertThat(states(fleet)).isEqualTo("p/b:8000 ready 0, p/a:8000 draining 1");
        running.end(Fleets.WELL);
    }

    @Test
    void anEngineThatComesBackWhileItLeavesIsTheSame() {
        Fleet fleet = started(pool("p", "a", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, pool("p", "b"));
        apply(fleet, pool("p", "a", "b"));
        control.advance(SOON);

        assertThat(states(fleet)).isEqualTo("p/a:8000 ready 1, p/b:8000 ready 0");
        assertThat(snapshot(fleet, "p").pickable()).contains(running.engine());
        assertThat(engines.forgotten()).isEmpty();
        int asked = engines.asked("a:8000", "/health");
        control.advance(Duration.ofSeconds(3));
        assertThat(engines.asked("a:8000", "/health")).isGreaterThan(asked);
        running.end(Fleets.WELL);
    }

    @Test
    void anEngineThatIsSpokenToInAnotherWayIsAnotherOneAndShownOnce() {
        Fleet fleet = started(pool("p", "a"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        PoolConfig before = pool("p", "a");
        apply(
                fleet,
                new PoolConfig(
                        "p",
                        before.engines(),
                        before.models(),
                        PoolConfig.Protocol.H2C,
                        before.key(),
                        before.policy(),
                        before.health(),
                        before.limits(),
                        before.tls(),
                        before.tokenizer()));

        assertThat(states(fleet)).isEqualTo("p/a:8000 ready 0");
        assertThat(snapshot(fleet, "p").pickable()).doesNotContain(running.engine());
        running.end(Fleets.WELL);
        control.advance(SOON);
        assertThat(engines.forgotten()).containsExactly("a:8000");
    }

    @Test
    void connectionsAreKeptWhileAnotherPoolUsesTheEngine() {
        Fleet fleet = started(pool("p", "a"), pool("q", "a"));
        apply(fleet, pool("q", "a"));
        control.advance(SOON);

        assertThat(states(fleet)).isEqualTo("q/a:8000 ready 0");
        assertThat(engines.forgotten()).isEmpty();
    }

    @Test
    void whatAnOperatorSaidStaysUntilTheFileSaysSomethingElse() {
        Fleet fleet = started(pool("p", "a", "b"));
        assertThat(fleet.drain("a:8000", true)).isTrue();
        apply(fleet, pool("p", "a", "b", "c"));
        assertThat(picked(fleet, "p")).containsExactly("b:8000", "c:8000");

        PoolConfig draining = pool("p", "a", "b");
        List<PoolConfig.EngineConfig> both =
                List.of(draining.engines().get(0), new PoolConfig.EngineConfig("http://b:8000", null, true));
        apply(
                fleet,
                new PoolConfig(
                        "p",
                        both,
                        draining.models(),
                        draining.protocol(),
                        draining.key(),
                        draining.policy(),
                        draining.health(),
                        draining.limits(),
                        draining.tls(),
                        draining.tokenizer()));
        assertThat(states(fleet)).startsWith("p/a:8000 draining 0, p/b:8000 draining 0");
        apply(fleet, pool("p", "a", "b"));
        assertThat(picked(fleet, "p")).containsExactly("b:8000");
    }

    @Test
    void aLimitHoldsForRequestsThatRanBeforeIt() {
        Fleet fleet = started(pool("p", "a", "b"));
        EngineTicket first = Objects.requireNonNull(pick(fleet, "p"));
        EngineTicket second = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, Fleets.limited(pool("p", "a", "b"), Fleets.limits(0, 2, 0)));
        assertThat(pick(fleet, "p")).isNull();

        first.end(Fleets.WELL);
        EngineTicket third = Objects.requireNonNull(pick(fleet, "p"));
        assertThat(pick(fleet, "p")).isNull();
        apply(fleet, pool("p", "a", "b"));
        Objects.requireNonNull(pick(fleet, "p")).end(Fleets.WELL);
        second.end(Fleets.WELL);
        third.end(Fleets.WELL);
        assertThat(snapshot(fleet, "p").admission().inFlight()).isZero();
    }

    @Test
    void theRoomKeepsWhoWaitsWhenItsLimitsChange() {
        Fleet fleet = started(Fleets.limited(pool("p", "a"), Fleets.limits(1, 0, 5)));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        List<EngineTicket> admitted = new ArrayList<>();
        Waiter.Guest guest = new Waiter.Guest() {
            @Override
            public void admitted(EngineTicket ticket) {
                admitted.add(ticket);
            }

            @Override
            public void hopeless() {
                throw new AssertionError("there is an engine");
            }
        };
        var waiter = new Waiter(
                new PickRequest(null, List.of(), false),
                io.penstock.router.config.Priority.NORMAL,
                Runnable::run,
                guest);
        assertThat(snapshot(fleet, "p").room().enter(waiter)).isTrue();
        apply(fleet, Fleets.limited(pool("p", "a"), new LimitsConfig(1, 0, 0, Duration.ofSeconds(1))));
        assertThat(admitted).isEmpty();
        apply(fleet, Fleets.limited(pool("p", "a"), Fleets.limits(2, 0, 0)));

        assertThat(admitted).hasSize(1);
        admitted.forEach(ticket -> ticket.end(Fleets.WELL));
        running.end(Fleets.WELL);
    }

    @Test
    void anotherIntervalCountsFromNowOn() {
        HealthConfig usual = Fleets.health();
        var rare = new HealthConfig(
                usual.path(),
                Duration.ofHours(1),
                usual.timeout(),
                1,
                1,
                usual.ejectAfter(),
                0,
                20,
                usual.window(),
                usual.ejectFor(),
                usual.maxEjectFor(),
                usual.maxRetryAfter(),
                0.5);
        Fleet fleet = started(Fleets.pool("p", rare, Stream.of("a"), List.of("m")));
        engines.dead("a:8000", true);
        control.advance(Duration.ofMinutes(1));
        assertThat(states(fleet)).isEqualTo("p/a:8000 ready 0");
        apply(fleet, pool("p", "a"));
        control.advance(Duration.ofSeconds(3));

        assertThat(states(fleet)).as("two probes failed").isEqualTo("p/a:8000 down 0");
        int asked = engines.asked("a:8000", "/health");
        control.advance(Duration.ofSeconds(20));
        assertThat(engines.asked("a:8000", "/health") - asked)
                .as("the chain of before has ended")
                .isBetween(8, 12);
    }

    @Test
    void aRemovedPoolIsShownAsSuchUntilItsLastRequestEnds() {
        Fleet fleet = started(pool("p", "a"), pool("q", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, pool("q", "b"));

        assertThat(fleet.snapshot().pool("p")).isNull();
        assertThat(fleet.pools())
                .extracting(PoolView::pool, PoolView::removed)
                .hasToString("[(\"q\", false), (\"p\", true)]");
        assertThat(fleet.ready()).isTrue();
        running.end(Fleets.WELL);
        control.advance(SOON);
        assertThat(fleet.pools()).extracting(PoolView::pool).containsExactly("q");
        assertThat(engines.forgotten()).containsExactly("a:8000");
    }

    @Test
    void aPoolThatComesBackIsTheSame() {
        Fleet fleet = started(pool("p", "a"), pool("q", "b"));
        EngineTicket running = Objects.requireNonNull(pick(fleet, "p"));
        apply(fleet, pool("q", "b"));
        apply(fleet, pool("q", "b"), pool("p", "a"));

        assertThat(snapshot(fleet, "p").pickable()).containsExactly(running.engine());
        running.end(Fleets.WELL);
        assertThat(states(fleet)).isEqualTo("q/b:8000 ready 0, p/a:8000 ready 0");
    }

    @Test
    void thereIsNoMomentBetweenTheOldFleetAndTheNew() {
        Fleet fleet = started(pool("p", "a", "b"), pool("q", "c"));
        List<String> published = new ArrayList<>();
        fleet.follow(now -> published.add(
                now.pools().keySet() + " of " + now.config().pools().size()));
        published.clear();
        apply(fleet, pool("r", "d"));

        assertThat(published).startsWith("[r] of 1").doesNotContain("[p, q] of 1", "[p, q] of 2");
    }
}
