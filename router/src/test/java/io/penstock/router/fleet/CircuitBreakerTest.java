package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.HealthConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ejection by share of failures, the trial after it, and engines that push back. */
final class CircuitBreakerTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();
    private final Fleet fleet = fleet("p-1", "p-2", "p-3");

    /** Ejects when half of at least 10 requests of the last 10 s failed, or 6 in a row. */
    private Fleet fleet(String... hosts) {
        HealthConfig health = new HealthConfig(
                "/health",
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                2,
                1,
                6,
                0.5,
                10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                0.5);
        var pool = Fleets.pool("p", health, Stream.of(hosts), List.of());
        return new Fleet(Fleets.config(List.of(pool)), policy -> Fleets.firstLeft(), control);
    }

    private PoolSnapshot pool() {
        return Objects.requireNonNull(fleet.snapshot().pool("p"));
    }

    private Engine first() {
        return pool().standings().get(0).engine();
    }

    private EngineState state() {
        return pool().standings().get(0).state();
    }

    private void attempt(AttemptEnd end) {
        Fleets.admit(first()).end(end);
    }

    private void failAndSucceed(int times) {
        for (int i = 0; i < times; i++) {
            attempt(Fleets.WELL);
            attempt(Fleets.answered(500));
        }
    }

    private void eject() {
        for (int i = 0; i < 6; i++) {
            attempt(Fleets.failed(FailureKind.ENGINE_RESET));
        }
        assertThat(state()).isEqualTo(EngineState.EJECTED);
    }

    private void toTheTrial() {
        eject();
        control.advance(Duration.ofSeconds(2));
        assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void aShareOfFailuresEjectsOnceThereAreEnoughRequests() {
        failAndSucceed(4);
        assertThat(state()).as("8 requests are too few to judge").isEqualTo(EngineState.NEW);

        failAndSucceed(1);
        assertThat(state()).isEqualTo(EngineState.EJECTED);
        assertThat(pool().pickable()).doesNotContain(first());
    }

    @Test
    void failuresOlderThanTheWindowCountNoMore() {
        failAndSucceed(4);
        control.advance(Duration.ofSeconds(11));
        failAndSucceed(4);

        assertThat(state()).isEqualTo(EngineState.NEW);
    }

    @Test
    void whatTheClientDidWrongIsInNoShare() {
        failAndSucceed(4);
        for (int i = 0; i < 50; i++) {
            attempt(Fleets.answered(400 + i % 30));
            attempt(Fleets.failed(FailureKind.CLIENT_GONE));
        }
        assertThat(state()).isEqualTo(EngineState.NEW);
        failAndSucceed(1);
        assertThat(state()).isEqualTo(EngineState.EJECTED);
    }

    @Test
    void oneRequestAtATimeTriesAnEjectedEngine() {
        toTheTrial();
        assertThat(pool().pickable()).contains(first());

        EngineTicket trial = Fleets.admit(first());
        assertThat(first().hasRoom()).isFalse();
        assertThat(first().admit(new PickRequest(null, List.of(), false))).isNull();
        assertThat(first().admitAt(1, new PickRequest(null, List.of(), false))).isNull();

        trial.answering(200);
        assertThat(state()).as("the first byte of a good answer decides").isEqualTo(EngineState.NEW);
        EngineTicket next = Fleets.admit(first());
        trial.end(Fleets.WELL);
        next.end(Fleets.WELL);
        assertThat(first().inFlight()).isZero();
    }

    @Test
    void aTrialThatSaysNothingLetsTheNextRequestTry() {
        toTheTrial();
        for (AttemptEnd end : List.of(
                Fleets.answered(404),
                Fleets.failed(FailureKind.CLIENT_GONE),
                Fleets.answered(429),
                AttemptEnd.unused())) {
            EngineTicket trial = Fleets.admit(first());
            trial.answering(404);
            assertThat(first().hasRoom()).isFalse();
            trial.end(end);
            assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
            assertThat(first().hasRoom()).isTrue();
        }
        attempt(Fleets.WELL);
        assertThat(state()).isEqualTo(EngineState.NEW);
    }

    @Test
    void aTrialThatFailsEjectsForTwiceAsLong() {
        toTheTrial();
        attempt(Fleets.answered(503));
        assertThat(state()).isEqualTo(EngineState.EJECTED);

        control.advance(Duration.ofMillis(3999));
        assertThat(state()).isEqualTo(EngineState.EJECTED);
        control.advance(Duration.ofMillis(1));
        assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void afterATrialTheEngineIsJudgedAfresh() {
        failAndSucceed(5);
        assertThat(state()).isEqualTo(EngineState.EJECTED);
        control.advance(Duration.ofSeconds(2));
        attempt(Fleets.WELL);
        attempt(Fleets.answered(500));

        assertThat(state()).isEqualTo(EngineState.NEW);
    }

    @Test
    void requestsFromBeforeTheEjectionDoNotDecideTheTrial() {
        EngineTicket well = Fleets.admit(first());
        EngineTicket bad = Fleets.admit(first());
        toTheTrial();
        well.end(Fleets.WELL);
        bad.end(Fleets.failed(FailureKind.ENGINE_RESET));

        assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void theAnswerToAnOldTrialChangesNothing() {
        fleet.start(engines);
        toTheTrial();
        EngineTicket old = Fleets.admit(first());
        engines.dead("p-1:8000", true);
        control.advance(Duration.ofSeconds(5));
        engines.dead("p-1:8000", false);
        control.advance(Duration.ofSeconds(3));
        assertThat(state()).isEqualTo(EngineState.READY);
        eject();
        control.advance(Duration.ofSeconds(2));
        old.end(Fleets.failed(FailureKind.ENGINE_RESET));

        assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void aGoodProbeDoesNotEndTheTrial() {
        fleet.start(engines);
        toTheTrial();
        control.advance(Duration.ofSeconds(20));

        assertThat(state()).isEqualTo(EngineState.HALF_OPEN);
    }

    @Test
    void inAPanicTheTrialIsShared() {
        Fleet alone = new Fleet(Fleets.config(List.of(Fleets.pool("p", 1))), policy -> Fleets.firstLeft(), control);
        Engine only =
                Objects.requireNonNull(alone.snapshot().pool("p")).pickable().get(0);
        for (int i = 0; i < 3; i++) {
            Fleets.admit(only).end(Fleets.answered(500));
        }
        control.advance(Duration.ofSeconds(2));
        EngineTicket one = Fleets.admit(only);
        EngineTicket two = Fleets.admit(only);
        one.end(Fleets.answered(404));
        assertThat(alone.engines().get(0).state()).isEqualTo(EngineState.HALF_OPEN);
        two.end(Fleets.WELL);

        assertThat(alone.engines().get(0).state()).isEqualTo(EngineState.NEW);
        assertThat(only.inFlight()).isZero();
    }

    @Test
    void anEngineThatPushesBackIsLeftAloneForItsTimeButNotLonger() {
        attempt(new AttemptEnd(429, null, 1, 2, 3));
        assertThat(state()).isEqualTo(EngineState.BUSY);
        assertThat(pool().pickable()).hasSize(2).doesNotContain(first());

        control.advance(Duration.ofMillis(2999));
        assertThat(state()).isEqualTo(EngineState.BUSY);
        control.advance(Duration.ofMillis(1));
        assertThat(state()).isEqualTo(EngineState.NEW);
        attempt(new AttemptEnd(429, null, 1, 2, 3600));
        control.advance(Duration.ofSeconds(5));
        assertThat(state()).as("bounded by maxRetryAfter").isEqualTo(EngineState.NEW);
    }

    @Test
    void theLongerOfTwoPushbacksCounts() {
        EngineTicket other = Fleets.admit(first());
        attempt(new AttemptEnd(429, null, 1, 2, 4));
        other.end(new AttemptEnd(429, null, 1, 2, 1));
        control.advance(Duration.ofMillis(3999));
        assertThat(state()).isEqualTo(EngineState.BUSY);
        control.advance(Duration.ofMillis(1));

        assertThat(state()).isEqualTo(EngineState.NEW);
    }

    @Test
    void aPushbackWithoutATimeMeansNothing() {
        for (int i = 0; i < 20; i++) {
            attempt(Fleets.answered(429));
        }
        assertThat(state()).isEqualTo(EngineState.NEW);
        assertThat(fleet.stateChanges()).isEmpty();
    }

    @Test
    void aBusyPoolIsReadyAndNotInAPanic() {
        for (EngineStanding standing : pool().standings()) {
            Fleets.admit(standing.engine()).end(new AttemptEnd(429, null, 1, 2, 3));
        }
        assertThat(pool().pickable()).isEmpty();
        assertThat(fleet.ready()).isTrue();
        assertThat(pool().mayServe(new PickRequest(null, List.of(), false))).isTrue();
        control.advance(Duration.ofSeconds(3));
        assertThat(pool().pickable()).hasSize(3);
    }

    @Test
    void aBusyEngineIsNoneThatStaysPickable() {
        eject();
        assertThat(pool().pickable()).hasSize(2);
        Fleets.admit(pool().pickable().get(0)).end(new AttemptEnd(429, null, 1, 2, 1));

        assertThat(pool().pickable()).as("one of three is too few").hasSize(2).contains(first());
        control.advance(Duration.ofSeconds(1));
        assertThat(pool().pickable()).hasSize(2).doesNotContain(first());
    }

    @Test
    void everyChangeIsCountedWithItsCause() {
        toTheTrial();
        attempt(Fleets.answered(500));
        control.advance(Duration.ofSeconds(4));
        attempt(Fleets.WELL);
        attempt(new AttemptEnd(429, null, 1, 2, 1));
        control.advance(Duration.ofSeconds(1));

        assertThat(fleet.stateChanges())
                .containsExactlyInAnyOrder(
                        change(EngineState.EJECTED, StateCause.FAILURES_IN_A_ROW, 1),
                        change(EngineState.HALF_OPEN, StateCause.EJECTION_OVER, 2),
                        change(EngineState.EJECTED, StateCause.TRIAL_FAILED, 1),
                        change(EngineState.NEW, StateCause.TRIAL_SUCCEEDED, 1),
                        change(EngineState.BUSY, StateCause.PUSHED_BACK, 1),
                        change(EngineState.NEW, StateCause.RETRY_AFTER_OVER, 1));
    }

    private static StateChanges change(EngineState state, StateCause cause, long count) {
        return new StateChanges("p", "p-1:8000", state, cause, count);
    }
}
