package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of engines that go and come back, with the reason. */
final class StateLogTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(StateLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();
    private final Fleet fleet =
            new Fleet(Fleets.config(List.of(Fleets.pool("p", 2))), policy -> Fleets.firstLeft(), control);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    private List<String> told(Level level) {
        return lines.list.stream()
                .filter(line -> line.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void anEngineThatIsDownIsTheProbesFindingAndItsReturnTheTimeItTook() {
        fleet.start(engines);
        engines.dead("p-1:8000", true);
        control.advance(Duration.ofMillis(4500));
        engines.dead("p-1:8000", false);
        control.advance(Duration.ofMillis(2300));

        assertThat(told(Level.WARN))
                .containsExactly("engine p/p-1:8000 is down, was ready: 2 probes in a row failed, the last: refused");
        assertThat(told(Level.INFO).get(2))
                .matches("engine p/p-1:8000 is ready after [12]\\.\\d s down: GET /health was answered with 200");
    }

    @Test
    void anErrorStatusIsNamed() {
        engines.answers("p-1:8000", "/health", 500, "");
        fleet.start(engines);

        assertThat(told(Level.WARN))
                .containsExactly("engine p/p-1:8000 is down, was new: GET /health was answered with 500");
    }

    @Test
    void anEjectionTellsTheLastFailureAndItsEnd() {
        fail(Fleets.failed(FailureKind.ENGINE_RESET), 2);
        fail(Fleets.answered(502), 1);
        control.advance(Duration.ofSeconds(2));

        assertThat(told(Level.WARN))
                .containsExactly(
                        "engine p/p-1:8000 is ejected for 2.0 s: 3 requests in a row failed, the last with status 502");
        assertThat(told(Level.INFO))
                .containsExactly("engine p/p-1:8000 is half_open after 2.0 s ejected: its ejection is over");
    }

    @Test
    void aTrialIsToldByHowItEnded() {
        fail(Fleets.answered(500), 3);
        control.advance(Duration.ofSeconds(2));
        fail(Fleets.failed(FailureKind.ENGINE_RESET), 1);
        control.advance(Duration.ofSeconds(4));
        fail(Fleets.WELL, 1);

        assertThat(told(Level.WARN).get(1))
                .isEqualTo("engine p/p-1:8000 is ejected for 4.0 s: the request that tried it failed as engine_reset");
        assertThat(told(Level.INFO).get(2))
                .isEqualTo("engine p/p-1:8000 is new, was half_open: the request that tried it went well");
    }

    @Test
    void aPauseIsToldWithItsTime() {
        fail(new AttemptEnd(429, null, 1, 2, 3), 1);
        control.advance(Duration.ofSeconds(3));

        assertThat(told(Level.INFO))
                .containsExactly(
                        "engine p/p-1:8000 is busy, was new: it asked for 3 s without requests",
                        "engine p/p-1:8000 is new, was busy: the time it asked for is over");
    }

    @Test
    void aFailureWithoutAStatusIsToldByItsKind() {
        fail(Fleets.failed(FailureKind.CONNECT_FAILED), 3);

        assertThat(told(Level.WARN).get(0)).endsWith("3 requests in a row failed, the last as connect_failed");
    }

    @Test
    void drainingIsTold() {
        fleet.drain("p-1:8000", true);

        assertThat(told(Level.INFO)).containsExactly("engine p/p-1:8000 is draining, was new: told to drain");
    }

    private void fail(AttemptEnd end, int times) {
        Engine engine = Objects.requireNonNull(fleet.snapshot().pool("p"))
                .standings()
                .get(0)
                .engine();
        for (int i = 0; i < times; i++) {
            Fleets.admit(engine).end(end);
        }
    }
}
