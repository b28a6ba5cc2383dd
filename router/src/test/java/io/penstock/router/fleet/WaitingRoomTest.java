package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {

    private static final PickRequest ANY = new PickRequest(null, List.of(), false);

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines probes = new ScriptedEngines();
    private final List<EngineTicket> open = new ArrayList<>();
    private final List<String> served = new ArrayList<>();
    private final List<String> given = new ArrayList<>();
    private Fleet fleet = fleet(2, Fleets.limits(1, 0, 4));

    private Fleet fleet(int engines, LimitsConfig limits) {
        var pool = Fleets.limited(Fleets.pool("p", engines), limits);
        return new Fleet(Fleets.config(List.of(pool)), policy -> Fleets.firstLeft(), control);
    }

    private PoolSnapshot pool() {
        return Objects.requireNonNull(fleet.snapshot().pool("p"));
    }

    private WaitingRoom room() {
        return pool().room();
    }

    private @Nullable EngineTicket pick() {
        EngineTicket ticket = pool().pick(ANY);
        if (ticket != null) {
            open.add(ticket);
        }
        return ticket;
    }

    private void fill(int requests) {
        for (int i = 0; i < requests; i++) {
            assertThat(pick()).isNotNull();
        }
        assertThat(pick()).isNull();
    }

    private Waiter waiter(String name, Priority priority, Engine... excluded) {
        return new Waiter(new PickRequest(null, List.of(excluded), false), priority, Runnable::run, new Waiter.Guest() {
            @Override
            public void admitted(EngineTicket ticket) {
                open.add(ticket);
                served.add(name);
            }

            @Override
            public void hopeless() {
                given.add(name);
            }
        });
    }

    private Waiter enter(String name, Priority priority, Engine... excluded) {
        Waiter waiter = waiter(name, priority, excluded);
        assertThat(room().enter(waiter)).isTrue();
        return waiter;
    }

    private void endOldest() {
        open.remove(0).end(Fleets.WELL);
    }

    private Engine engine(int number) {
        return pool().standings().get(number - 1).engine();
    }

    /** As a pick does that chooses this engine. */
    private EngineTicket admit(Engine engine) {
        assertThat(pool().admission().reserve()).isTrue();
        return Fleets.admit(engine);
    }

    @AfterEach
    void nothingIsLeft() {
        while (!open.isEmpty()) {
            endOldest();
        }
        assertThat(room().waiting()).isZero();
        assertThat(fleet.engines()).allMatch(engine -> engine.inFlight() == 0);
        assertThat(pool().admission().inFlight()).isZero();
        assertThat(room().isAhead(ANY)).isFalse();
    }

    @Test
    void aPlaceThatIsFreedGoesToTheFirstInLine() {
        fill(2);
        enter("first", Priority.NORMAL);
        enter("second", Priority.NORMAL);
        assertThat(served).isEmpty();

        endOldest();
        assertThat(served).containsExactly("first");
        assertThat(room().waiting()).isOne();
        endOldest();
        assertThat(served).containsExactly("first", "second");
    }

    @Test
    void aHigherPriorityGoesFirstAndWithinOneTheOrderOfArrival() {
        fill(2);
        enter("low", Priority.LOW);
        enter("normal", Priority.NORMAL);
        enter("high", Priority.HIGH);
        enter("high too", Priority.HIGH);
        for (int i = 0; i < 4; i++) {
            endOldest();
        }
        assertThat(served).containsExactly("high", "high too", "normal", "low");
    }

    @Test
    void aFullRoomTakesNobodyIn() {
        fill(2);
        for (int i = 0; i < 4; i++) {
            enter("w" + i, Priority.NORMAL);
        }
        assertThat(room().enter(waiter("fifth", Priority.HIGH))).isFalse();
        endOldest();
        assertThat(room().enter(waiter("sixth", Priority.NORMAL))).isTrue();
        assertThat(room().waiting()).isEqualTo(4);
    }

    @Test
    void whoLeavesMakesRoomAndIsNeverServed() {
        fill(2);
        Waiter leaving = enter("leaving", Priority.NORMAL);
        enter("staying", Priority.NORMAL);
        assertThat(room().leave(leaving)).isTrue();
        assertThat(room().leave(leaving)).as("only once").isFalse();
        assertThat(room().waiting()).isOne();

        endOldest();
        assertThat(served).containsExactly("staying");
    }

    @Test
    void manyWhoComeAndGoLeaveNothingBehind() {
        fill(2);
        enter("staying", Priority.NORMAL);
        for (int i = 0; i < 1000; i++) {
            assertThat(room().leave(enter("w" + i, Priority.NORMAL))).isTrue();
        }
        assertThat(room().waiting()).isOne();
    }

    @Test
    void newcomersAreBehindThoseWhoWait() {
        fill(2);
        assertThat(room().isAhead(ANY)).isFalse();
        enter("waiting", Priority.LOW);

        assertThat(room().isAhead(ANY)).isTrue();
    }

    @Test
    void whoWaitsForAParticularEngineHoldsNobodyUp() {
        fill(2);
        enter("only p-1", Priority.HIGH, engine(2));
        enter("any", Priority.NORMAL);
        EngineTicket onSecond = open.remove(1);
        onSecond.end(Fleets.WELL);

        assertThat(served).containsExactly("any");
        assertThat(room().isAhead(ANY)).as("newcomers may still use p-2").isFalse();
        assertThat(room().isAhead(new PickRequest(null, List.of(engine(2)), false)))
                .isTrue();
        endOldest();
        assertThat(served).containsExactly("any", "only p-1");
    }

    @Test
    void thePoolsLimitCountsOverAllEngines() {
        fleet = fleet(3, Fleets.limits(0, 2, 2));
        fill(2);
        enter("waiting", Priority.NORMAL);
        assertThat(pool().admission().inFlight()).isEqualTo(2);
        endOldest();

        assertThat(served).containsExactly("waiting");
        assertThat(pool().admission().inFlight()).isEqualTo(2);
    }

    @Test
    void anEngineThatComesBackServesThoseWhoWait() {
        fleet.drain("p-2:8000", true);
        fill(1);
        enter("waiting", Priority.NORMAL);
        fleet.drain("p-2:8000", false);

        assertThat(served).containsExactly("waiting");
    }

    @Test
    void whenTheLastEngineGoesThoseWhoWaitAreTold() {
        fleet.start(probes);
        fill(2);
        enter("one", Priority.NORMAL);
        enter("two", Priority.LOW);
        probes.dead("p-1:8000", true);
        control.advance(Duration.ofSeconds(5));
        assertThat(given).as("p-2 is left").isEmpty();
        probes.dead("p-2:8000", true);
        control.advance(Duration.ofSeconds(5));

        assertThat(given).containsExactly("one", "two");
    }

    @Test
    void whoHasTriedEveryEngineThatIsLeftIsTold() {
        fleet.start(probes);
        fill(2);
        enter("tried p-2", Priority.NORMAL, engine(2));
        enter("any", Priority.NORMAL);
        probes.dead("p-1:8000", true);
        control.advance(Duration.ofSeconds(5));

        assertThat(given).containsExactly("tried p-2");
        assertThat(room().waiting()).isOne();
        assertThat(fleet.drain("p-2:8000", true)).isTrue();
        assertThat(given).containsExactly("tried p-2", "any");
    }

    @Test
    void enginesThatPushBackAreWaitedFor() {
        fleet = fleet(1, Fleets.limits(0, 0, 2));
        admit(engine(1)).end(new AttemptEnd(429, null, 1, 2, 3));
        assertThat(pick()).isNull();
        enter("waiting", Priority.NORMAL);
        assertThat(given).isEmpty();
        control.advance(Duration.ofSeconds(3));

        assertThat(served).containsExactly("waiting");
    }

    @Test
    void aTrialThatEndsLetsTheNextInLineTry() {
        fleet = fleet(2, Fleets.limits(0, 0, 4));
        for (int i = 0; i < 3; i++) {
            admit(engine(1)).end(Fleets.answered(500));
        }
        control.advance(Duration.ofSeconds(2));
        EngineTicket trial = admit(engine(1));
        enter("only p-1", Priority.NORMAL, engine(2));
        enter("only p-1 too", Priority.NORMAL, engine(2));
        trial.end(Fleets.answered(404));
        assertThat(served).containsExactly("only p-1");
        open.get(0).answering(200);

        assertThat(served).containsExactly("only p-1", "only p-1 too");
    }

    @Test
    void aTicketForALoopThatHasEndedIsEnded() {
        fill(2);
        Waiter lost = new Waiter(
                ANY,
                Priority.NORMAL,
                task -> {
                    throw new java.util.concurrent.RejectedExecutionException("closed");
                },
                new Waiter.Guest() {
                    @Override
                    public void admitted(EngineTicket ticket) {
                        throw new AssertionError("nobody is there");
                    }

                    @Override
                    public void hopeless() {
                        throw new AssertionError("nobody is there");
                    }
                });
        assertThat(room().enter(lost)).isTrue();
        enter("behind", Priority.NORMAL);
        endOldest();

        assertThat(served).containsExactly("behind");
    }

    @Test
    void whoExcludesTheSameEnginesIsLookedAtOnceForAllOfThem() {
        AtomicInteger looks = new AtomicInteger();
        RoutingPolicy policy = Fleets.firstLeft();
        var pool = Fleets.limited(Fleets.pool("p", 3), Fleets.limits(1, 0, 2000));
        fleet = new Fleet(
                Fleets.config(List.of(pool)),
                any -> pickable -> {
                    EngineSelector selector = policy.selector(pickable);
                    return request -> {
                        looks.getAndIncrement();
                        return selector.select(request);
                    };
                },
                control);
        fill(3);
        List<Waiter> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(enter("only p-1, " + i, Priority.NORMAL, engine(2), engine(3)));
            all.add(enter("not p-2, " + i, Priority.NORMAL, engine(2)));
        }
        looks.set(0);
        open.remove(2).end(Fleets.WELL);
        assertThat(served).containsExactly("not p-2, 0");
        assertThat(looks.get()).isEqualTo(3);
        open.remove(0).end(Fleets.WELL);
        assertThat(served).containsExactly("not p-2, 0", "only p-1, 0");
        all.forEach(waiter -> room().leave(waiter));
    }

    @Test
    void whoCameFirstGoesFirstWhateverTheOthersExclude() {
        fill(2);
        enter("first", Priority.NORMAL, engine(2));
        enter("second", Priority.NORMAL);
        enter("third", Priority.NORMAL, engine(2));
        endOldest();
        assertThat(served).containsExactly("first");
        open.remove(1).end(Fleets.WELL);
        assertThat(served).containsExactly("first", "second");
        endOldest();
        open.remove(0).end(Fleets.WELL);
        assertThat(served).containsExactly("first", "second", "third");
    }
}
