package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients, probes and dashboards are told when engines die. */
final class DeadEnginesIT {

    private static final String BODY = "{\"model\":\"m\"}";
    private static final String SOON = "{ interval: 100ms, failuresToDown: 2 }";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void enginesThatJustDiedAre502AndTheMessageSaysWhatHappened() throws IOException {
        FakeEngine first = router.engine();
        FakeEngine second = router.engine();
        RouterUnderTest under = router.start(first, second);
        under.awaitReady();
        first.close();
        second.close();
        RawResponse response =
                router.client(under).post("/v1/completions", BODY).readResponse();
        assertThat(OpenAiErrors.assertFailure(response, FailureKind.CONNECT_FAILED))
                .contains("refused the connection");
        assertThat(under.metric("penstock_retries_total", "failure=\"connect_failed\""))
                .isPositive();
    }

    @Test
    void enginesThatAreKnownToBeDeadAre503AndTheClientIsToldWhenToComeBack() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).pool("health", SOON));
        under.awaitReady();
        engine.close();
        under.awaitState(engine.name(), "down");
        RawResponse response =
                router.client(under).post("/v1/completions", BODY).readResponse();
        assertThat(OpenAiErrors.assertFailure(response, FailureKind.NO_ENGINE))
                .contains("'chat'")
                .contains("1 down");
        assertThat(response.head().value("retry-after")).isEqualTo("2");
    }

    @Test
    void aDeadPoolLeavesTheRouterReadyUntilTheLastOneDies() {
        FakeEngine good = router.engine();
        FakeEngine dead = router.engine();
        dead.close();
        RouterUnderTest under = router.start("""
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1 }
                pools:
                  - { name: a, engines: ["%s"], models: [m], health: %s }
                  - { name: b, engines: ["%s"], models: [n], health: %s }
                """.formatted(good.url(), SOON, dead.url(), SOON));
        awaitReadiness(under, 200);
        assertThat(under.admin("/readyz"))
                .isEqualTo("ready, but no engine may be picked in b (" + dead.name() + " down)\n");
        good.close();
        awaitReadiness(under, 503);
        assertThat(under.admin("/readyz")).contains("not ready").contains(good.name());
    }

    private static void awaitReadiness(RouterUnderTest under, int status) {
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> under.adminGet("/readyz").status() == status);
    }

    @Test
    void countersOfDeathAreThereBeforeItComes() {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        assertThat(under.admin("/metrics"))
                .contains("penstock_retries_total{route=\"main\",engine=\"" + engine.name()
                        + "\",failure=\"connect_failed\",} 0.0")
                .contains("penstock_engine_connect_failures_total{engine=\"" + engine.name()
                        + "\",failure=\"connect_timeout\",} 0.0")
                .contains("penstock_client_aborts_total{route=\"main\",pool=\"chat\",model=\"m\",} 0.0");
    }

    @Test
    void probesOfAnEngineUseOneConnectionHoweverManyLoopsThereAre() {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(
                new RouterSetup().engines(engine).loops(4).pool("health", "{ path: /probed, interval: 50ms }"));
        await().until(() -> engine.journal().heads().size() >= 12);
        assertThat(under.metric("penstock_engine_connects_total", engine.name()))
                .as("one for the probes, and one for the models asked for at the same moment")
                .isBetween(1.0, 2.0);
    }
}
