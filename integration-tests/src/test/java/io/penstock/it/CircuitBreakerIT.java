package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.Turn;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine that fails too large a share of its requests is taken out, and tried before it is taken back. */
final class CircuitBreakerIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\"}";
    private static final Script<Turn> FAILING = Script.json(500, "{}");
    private static final Script<Turn> WELL = Script.json(200, "{}");

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private RouterUnderTest start(String health, FakeEngine... engines) {
        return router.start(new RouterSetup().engines(engines).pool("health", health));
    }

    private RawResponse ask(RouterUnderTest under) throws IOException {
        return router.client(under).post(PATH, BODY).readResponse();
    }

    @Test
    void aShareOfFailuresOpensItAndOneRequestClosesItAgain() throws IOException {
        FakeEngine flaky = router.engine().answering(FAILING);
        RouterUnderTest under = start(
                "{ interval: 1h, ejectAfter: 0, failureRatio: 0.5, minRequests: 6, window: 1m, ejectFor: 3s }",
                flaky,
                router.engine(),
                router.engine());
        for (int i = 0; i < 3; i++) {
            flaky.next(WELL).next(FAILING);
        }
        for (int i = 0; i < 18; i++) {
            ask(under);
        }
        under.awaitState(flaky.name(), "half_open");
        Gate gate = new Gate();
        flaky.answering(turn -> {
            turn.request();
            turn.await(gate).respond(200, "content-length: 2").data("ok").end();
        });
        int before = flaky.journal().heads().size();
        while (flaky.journal().heads().size() == before) {
            router.client(under).post(PATH, BODY);
            await().until(() -> under.metric("penstock_requests_in_flight", "") <= 1);
        }
        for (int i = 0; i < 12; i++) {
            assertThat(ask(under).status()).isEqualTo(200);
        }
        assertThat(flaky.journal().heads()).as("one trial at a time").hasSize(before + 1);
        assertThat(under.state(flaky.name())).isEqualTo("half_open");
        gate.open();
        under.awaitState(flaky.name(), "ready");
        for (int i = 0; i < 6; i++) {
            ask(under);
        }
        assertThat(flaky.journal().heads()).hasSize(before + 3);
        assertThat(changes(under, "ejected", "failure_ratio")).isOne();
        assertThat(changes(under, "half_open", "ejection_over")).isOne();
        assertThat(changes(under, "ready", "trial_succeeded")).isOne();
    }

    @Test
    void aTrialThatFailsKeepsItOpen() throws IOException {
        FakeEngine dead = router.engine().answering(FAILING);
        RouterUnderTest under = start(
                "{ interval: 1h, ejectAfter: 2, ejectFor: 50ms, maxEjectFor: 1h }",
                dead,
                router.engine(),
                router.engine());
        for (int i = 0; i < 6; i++) {
            ask(under);
        }
        under.awaitState(dead.name(), "half_open");
        while (changes(under, "ejected", "trial_failed") == 0) {
            ask(under);
        }
        assertThat(dead.journal().heads()).hasSize(3);
    }

    @Test
    void anEngineThatPushesBackIsPassedOverForItsTime() throws IOException {
        FakeEngine full = router.engine().answering(turn -> {
            turn.request();
            turn.respond(429, "retry-after: 3", "content-length: 0").end();
        });
        RouterUnderTest under = start("{ interval: 1h, maxRetryAfter: 10s }", full, router.engine());
        while (full.journal().heads().isEmpty()) {
            ask(under);
        }
        under.awaitState(full.name(), "busy");
        int before = full.journal().heads().size();
        for (int i = 0; i < 6; i++) {
            assertThat(ask(under).status()).isEqualTo(200);
        }
        assertThat(full.journal().heads()).hasSize(before);
        under.awaitState(full.name(), "ready");
        assertThat(changes(under, "busy", "pushed_back")).isOne();
        assertThat(changes(under, "ejected", "")).isZero();
    }

    @Test
    void whenEveryEnginePushesBackTheClientIsToldToComeAgain() throws IOException {
        FakeEngine full = router.engine().answering(turn -> {
            turn.request();
            turn.respond(429, "retry-after: 60", "content-length: 0").end();
        });
        RouterUnderTest under = start("{ interval: 1h, maxRetryAfter: 60s }", full);
        assertThat(ask(under).status()).isEqualTo(429);
        under.awaitState(full.name(), "busy");

        RawResponse refused = ask(under);
        OpenAiErrors.assertFailure(refused, FailureKind.OVERLOADED);
        assertThat(Integer.parseInt(refused.head().value("retry-after"))).isBetween(30, 60);
        assertThat(full.journal().heads()).hasSize(1);
    }

    private static double changes(RouterUnderTest under, String state, String cause) {
        return under.metric("penstock_engine_state_changes_total", "state=\"" + state + "\",cause=\"" + cause);
    }
}
