package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FleetHealthTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();

    private Fleet fleet(int size) {
        return new Fleet(Fleets.config(List.of(Fleets.pool("p", size))), policy -> Fleets.firstLeft(), control);
    }

    private Fleet fleet(Duration ejectFor, double panicThreshold) {
        HealthConfig usual = Fleets.health();
        HealthConfig health = new HealthConfig(
                usual.path(),
                usual.interval(),
                usual.timeout(),
                usual.failuresToDown(),
                usual.successesToUp(),
                usual.ejectAfter(),
                usual.failureRatio(),
                usual.minRequests(),
                usual.window(),
                ejectFor,
                usual.maxEjectFor(),
                usual.maxRetryAfter(),
                panicThreshold);
        var pool = Fleets.pool("p", health, Stream.of("p-1", "p-2"), List.of());
        return new Fleet(Fleets.config(List.of(pool)), policy -> Fleets.firstLeft(), control);
    }

    private static PoolSnapshot pool(Fleet fleet) {
        return Objects.requireNonNull(fleet.snapshot().pool("p"));
    }

    private static EngineState state(Fleet fleet, int engine) {
        return pool(fleet).standings().get(engine - 1).state();
    }

    private static List<String> pickable(Fleet fleet) {
        return pool(fleet).pickable().stream().map(Engine::name).toList();
    }

    private static void attempt(Fleet fleet, int engine, AttemptEnd end) {
        Fleets.admit(pool(fleet).standings().get(engine - 1).engine()).end(end);
    }

    private static void fail(Fleet fleet, int engine, int times) {
        for (int i = 0; i < times; i++) {
            attempt(fleet, engine, Fleets.failed(FailureKind.CONNECT_FAILED));
        }
    }

    @Test
    void aNewEngineIsPickedBeforeItsFirstProbe() {
        Fleet fleet = fleet(2);

        assertThat(state(fleet, 1)).isEqualTo(EngineState.NEW);
        assertThat(pickable(fleet)).containsExactly("p-1:8000", "p-2:8000");
        assertThat(fleet.ready()).as("not known yet").isFalse();

        fleet.start(engines);
        assertThat(state(fleet, 1)).isEqualTo(EngineState.READY);
        assertThat(fleet.ready()).isTrue();
    }

    @Test
    void anEngineThatWasNeverWellIsOutAtItsFirstFailedProbe() {
        Fleet fleet = fleet(2);
        engines.dead("p-1:8000", true);
        fleet.start(engines);

        assertThat(state(fleet, 1)).isEqualTo(EngineState.DOWN);
        engines.dead("p-1:8000", false);
        control.advance(Duration.ofMillis(2300));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.READY);
    }

    @Test
    void aDeadPoolLeavesTheRouterReady() {
        Fleet fleet = twoPools();
        engines.dead("b-1:8000", true);
        fleet.start(engines);

        assertThat(fleet.ready()).isTrue();
        assertThat(fleet.pools()).extracting(PoolView::canServe).containsExactly(true, false);
        engines.dead("a-1:8000", true);
        control.advance(Duration.ofSeconds(5));
        assertThat(fleet.ready()).as("no pool can serve").isFalse();
    }

    @Test
    void aFirstProbeThatTakesLongHoldsUpTheStartForAWhileOnly() {
        Fleet fleet = twoPools();
        engines.silent("b-1:8000");
        fleet.start(engines);

        assertThat(fleet.ready()).isFalse();
        assertThat(fleet.pools()).extracting(PoolView::probed).containsExactly(true, false);
        control.advance(Duration.ofMillis(9_999));
        assertThat(fleet.ready()).isFalse();
        control.advance(Duration.ofMillis(1));
        assertThat(fleet.ready()).isTrue();
    }

    private Fleet twoPools() {
        return new Fleet(
                Fleets.config(List.of(Fleets.pool("a", 1), Fleets.pool("b", 1))),
                policy -> Fleets.firstLeft(),
                control);
    }

    @Test
    void probesTakeAnEngineOutAndBackIn() {
        Fleet fleet = fleet(2);
        fleet.start(engines);
        engines.dead("p-1:8000", true);

        control.advance(Duration.ofMillis(2300));
        assertThat(state(fleet, 1)).as("one failed probe is not enough").isEqualTo(EngineState.READY);
        control.advance(Duration.ofMillis(2300));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.DOWN);
        assertThat(pickable(fleet)).containsExactly("p-2:8000");

        engines.dead("p-1:8000", false);
        control.advance(Duration.ofMillis(2300));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.READY);
    }

    @Test
    void anErrorStatusFailsAProbe() {
        Fleet fleet = fleet(1);
        engines.answers("p-1:8000", "/health", 503, "");
        fleet.start(engines);
        control.advance(Duration.ofSeconds(5));

        assertThat(state(fleet, 1)).isEqualTo(EngineState.DOWN);
        assertThat(pickable(fleet)).isEmpty();
        assertThat(fleet.ready()).isFalse();
    }

    @Test
    void aSilentEngineDelaysNoOther() {
        Fleet fleet = fleet(2);
        engines.silent("p-1:8000");
        fleet.start(engines);

        control.advance(Duration.ofSeconds(40));

        assertThat(engines.asked("p-1:8000", "/health"))
                .as("probes never overlap")
                .isEqualTo(1);
        assertThat(engines.asked("p-2:8000", "/health")).isBetween(18, 23);
        engines.timeOutAll();
        control.advance(Duration.ofSeconds(3));
        engines.timeOutAll();
        assertThat(state(fleet, 1)).isEqualTo(EngineState.DOWN);
    }

    @Test
    void failuresInARowEjectForAWhile() {
        Fleet fleet = fleet(2);
        fail(fleet, 1, 2);
        assertThat(state(fleet, 1)).isEqualTo(EngineState.NEW);

        fail(fleet, 1, 1);
        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
        assertThat(pickable(fleet)).containsExactly("p-2:8000");

        control.advance(Duration.ofMillis(1999));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
        control.advance(Duration.ofMillis(1));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.HALF_OPEN);

        attempt(fleet, 1, Fleets.WELL);
        assertThat(state(fleet, 1)).isEqualTo(EngineState.NEW);
    }

    @Test
    void aSuccessBreaksTheRow() {
        Fleet fleet = fleet(2);
        fail(fleet, 1, 2);
        attempt(fleet, 1, Fleets.WELL);
        fail(fleet, 1, 2);

        assertThat(state(fleet, 1)).isEqualTo(EngineState.NEW);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 499, 501})
    void whatTheClientDidWrongCountsForNothing(int status) {
        Fleet fleet = fleet(2);
        fail(fleet, 1, 2);
        for (int i = 0; i < 10; i++) {
            attempt(fleet, 1, Fleets.answered(status));
            attempt(fleet, 1, Fleets.failed(FailureKind.CLIENT_GONE));
        }
        assertThat(state(fleet, 1)).isEqualTo(EngineState.NEW);

        fail(fleet, 1, 1);
        assertThat(state(fleet, 1)).as("nor does it break the row").isEqualTo(EngineState.EJECTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONNECT_FAILED", "CONNECT_TIMEOUT", "ENGINE_RESET", "BAD_RESPONSE", "FIRST_TOKEN_TIMEOUT"})
    void theEnginesFaultsCount(FailureKind kind) {
        Fleet fleet = fleet(2);
        for (int i = 0; i < 3; i++) {
            attempt(fleet, 1, Fleets.failed(kind));
        }
        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
    }

    @Test
    void serverErrorsCount() {
        Fleet fleet = fleet(2);
        for (int i = 0; i < 3; i++) {
            attempt(fleet, 1, Fleets.answered(500 + i * 2));
        }
        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
    }

    @Test
    void ejectionsDoubleUntilTheEngineStaysIn() {
        Fleet fleet = fleet(2);
        fail(fleet, 1, 3);
        for (long seconds : new long[] {2, 4, 8, 16, 32, 60, 60}) {
            assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
            control.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(state(fleet, 1)).as("ejected for %d s", seconds).isEqualTo(EngineState.EJECTED);
            control.advance(Duration.ofNanos(1));
            assertThat(state(fleet, 1)).as("tried after %d s", seconds).isEqualTo(EngineState.HALF_OPEN);
            fail(fleet, 1, 1);
        }
        control.advance(Duration.ofSeconds(60));
        attempt(fleet, 1, Fleets.WELL);
        control.advance(Duration.ofSeconds(61));
        fail(fleet, 1, 3);
        control.advance(Duration.ofSeconds(2));
        assertThat(state(fleet, 1)).as("begins anew").isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void tooManyEjectionsAreIgnored() {
        Fleet fleet = fleet(4);
        fail(fleet, 1, 3);
        fail(fleet, 2, 3);
        assertThat(pickable(fleet)).as("half the pool is left").hasSize(2);

        fail(fleet, 3, 3);
        assertThat(state(fleet, 3)).isEqualTo(EngineState.EJECTED);
        assertThat(pickable(fleet)).as("less than half would be left").hasSize(4);
    }

    @Test
    void theLastEngineIsNeverEjected() {
        Fleet fleet = fleet(1);
        fail(fleet, 1, 3);

        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
        assertThat(pickable(fleet)).containsExactly("p-1:8000");
    }

    @Test
    void enginesThatAreDownStayOutInAPanic() {
        Fleet fleet = fleet(2);
        fleet.start(engines);
        engines.dead("p-1:8000", true);
        control.advance(Duration.ofSeconds(5));
        fail(fleet, 2, 3);

        assertThat(pickable(fleet)).containsExactly("p-2:8000");
        engines.dead("p-2:8000", true);
        control.advance(Duration.ofSeconds(5));
        assertThat(pickable(fleet)).isEmpty();
    }

    @Test
    void anEngineThatCameBackStartsAnew() {
        Fleet fleet = fleet(2);
        fleet.start(engines);
        fail(fleet, 1, 3);
        engines.dead("p-1:8000", true);
        control.advance(Duration.ofMillis(4500));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.DOWN);
        engines.dead("p-1:8000", false);
        control.advance(Duration.ofMillis(2300));
        fail(fleet, 1, 2);

        assertThat(state(fleet, 1)).isEqualTo(EngineState.READY);
    }

    @Test
    void theEndOfAnOldEjectionDoesNotEndANewOne() {
        Fleet fleet = fleet(Duration.ofSeconds(30), 0.5);
        fleet.start(engines);
        fail(fleet, 1, 3);
        engines.dead("p-1:8000", true);
        control.advance(Duration.ofMillis(4500));
        engines.dead("p-1:8000", false);
        control.advance(Duration.ofMillis(5500));
        assertThat(state(fleet, 1)).as("came back after 10 s").isEqualTo(EngineState.READY);
        fail(fleet, 1, 3);

        control.advance(Duration.ofSeconds(25));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.EJECTED);
        control.advance(Duration.ofSeconds(6));
        assertThat(state(fleet, 1)).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void evenWithoutAPanicThresholdTheLastEnginesStay() {
        Fleet fleet = fleet(Duration.ofSeconds(2), 0);
        fail(fleet, 1, 3);
        assertThat(pickable(fleet)).hasSize(1);
        fail(fleet, 2, 3);

        assertThat(pickable(fleet)).hasSize(2);
    }

    @Test
    void drainingStopsPicksAndNothingElse() {
        Fleet fleet = fleet(2);
        EngineTicket running = Fleets.admit(pool(fleet).pickable().get(0));

        assertThat(fleet.drain("p-1:8000", true)).isTrue();
        assertThat(state(fleet, 1)).isEqualTo(EngineState.DRAINING);
        assertThat(pickable(fleet)).containsExactly("p-2:8000");
        assertThat(running.engine().inFlight()).isOne();
        running.end(Fleets.WELL);

        assertThat(fleet.drain("p-1:8000", false)).isTrue();
        assertThat(pickable(fleet)).hasSize(2);
        assertThat(fleet.drain("nobody:1", true)).isFalse();
    }

    @Test
    void aTicketEndsOnce() {
        EngineTicket ticket = Fleets.admit(Fleets.engine("e"));
        ticket.end(Fleets.WELL);

        assertThatThrownBy(() -> ticket.end(Fleets.WELL)).isInstanceOf(AssertionError.class);
        assertThat(ticket.engine().inFlight()).isZero();
    }

    @Test
    void theViewShowsEveryEngine() {
        Fleet fleet = fleet(2);
        EngineTicket ticket = Fleets.admit(pool(fleet).pickable().get(1));

        assertThat(fleet.engines())
                .extracting(EngineView::pool, EngineView::engine, EngineView::state, EngineView::inFlight)
                .containsExactly(
                        tuple("p", "p-1:8000", EngineState.NEW, 0), tuple("p", "p-2:8000", EngineState.NEW, 1));
        ticket.end(Fleets.WELL);
    }

    @Test
    void aClosedFleetProbesNoMore() {
        Fleet fleet = fleet(1);
        fleet.start(engines);
        fleet.close();
        control.advance(Duration.ofMinutes(1));

        assertThat(engines.asked("p-1:8000", "/health")).isOne();
    }
}
