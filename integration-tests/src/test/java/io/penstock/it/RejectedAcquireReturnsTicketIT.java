package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pick that comes to nothing, because no connection can be had, gives its ticket back and tries another engine. */
final class RejectedAcquireReturnsTicketIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void aRefusedConnectionIsTriedOnAnotherEngine() throws IOException {
        FakeEngine gone = router.engine();
        FakeEngine there = router.engine();
        RouterUnderTest under = router.start(gone, there);
        under.awaitReady();
        gone.close();
        for (int i = 0; i < 6; i++) {
            assertThat(ask(under).status()).isEqualTo(200);
        }
        assertThat(there.journal().requests()).hasSize(6);
        assertThat(under.inFlight()).isZero();
        assertThat(under.metric("penstock_retries_total", "")).isPositive();
    }

    @Test
    void withoutAnotherEngineTheClientIsTold() throws IOException {
        FakeEngine gone = router.engine();
        RouterUnderTest under = router.start(gone);
        under.awaitReady();
        gone.close();
        for (int i = 0; i < 10; i++) {
            OpenAiErrors.assertFailure(ask(under), FailureKind.CONNECT_FAILED);
        }
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theClientIsToldHowManyEnginesWereTriedAndWithDebugHeadersWhichWasTheLast(boolean debug) throws IOException {
        FakeEngine one = router.engine();
        FakeEngine two = router.engine();
        RouterSetup setup = new RouterSetup()
                .engines(one, two)
                .pool("health", "{ interval: 1h, ejectAfter: 0 }")
                .server("debugHeaders", Boolean.toString(debug));
        RouterUnderTest under = router.start(setup);
        under.awaitReady();
        one.close();
        two.close();
        RawResponse response = ask(under);
        String message = OpenAiErrors.assertFailure(response, FailureKind.CONNECT_FAILED);
        String last = response.head().value("x-penstock-engine");
        if (debug) {
            assertThat(last).isIn(one.name(), two.name());
            assertThat(message).isEqualTo("2 engines tried; the last, " + last + ", refused the connection");
        } else {
            assertThat(last).isNull();
            assertThat(message).isEqualTo("2 engines tried; the last refused the connection");
        }
    }

    @Test
    void anEngineThatFailsAloneIsCountedToo() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.reset();
        });
        RouterSetup setup = new RouterSetup().engines(engine).server("debugHeaders", "true");
        RawResponse response = ask(router.start(setup));
        assertThat(OpenAiErrors.assertFailure(response, FailureKind.ENGINE_RESET))
                .startsWith("1 engine tried; it, " + engine.name() + ", ");
        assertThat(response.head().value("x-penstock-engine")).isEqualTo(engine.name());
    }

    @Test
    void noMoreEnginesAreTriedThanAllowed() throws IOException {
        List<ScriptedEngine> engines = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            engines.add(router.engine());
        }
        RouterSetup setup = new RouterSetup()
                .engines(engines.toArray(ScriptedEngine[]::new))
                .pool("health", "{ interval: 1h, ejectAfter: 0 }")
                .route("retries", "{ attempts: 2 }");
        RouterUnderTest under = router.start(setup);
        under.awaitReady();
        engines.subList(0, 3).forEach(ScriptedEngine::close);
        int failed = 0;
        for (int i = 0; i < 8; i++) {
            failed += ask(under).status() == 502 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(4);
        under.awaitNothingInFlight();
    }

    @Test
    void aConnectThatHangsIsGivenUpInTime() throws IOException {
        try (FullBacklog hanging = new FullBacklog()) {
            RouterUnderTest under = router.start(new RouterSetup()
                    .engine("http://127.0.0.1:" + hanging.port(), "http1")
                    .route("timeouts", "{ connect: 200ms }"));
            OpenAiErrors.assertFailure(ask(under), FailureKind.CONNECT_TIMEOUT);
            under.awaitNothingInFlight();
        }
    }

    @Test
    void aClientThatLeavesWhileConnectingGivesTheTicketBack() throws IOException {
        try (FullBacklog hanging = new FullBacklog()) {
            RouterUnderTest under = router.start(new RouterSetup()
                    .engine("http://127.0.0.1:" + hanging.port(), "http1")
                    .route("timeouts", "{ connect: 1m }"));
            RawClient client = router.client(under).post("/v1/completions", BODY);
            assertThat(client.staysSilentFor(50)).isTrue();
            client.abort();
            under.awaitNothingInFlight();
        }
    }

    @Test
    void whereNoEngineMayBePickedTheClientIsToldToComeBack() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        assertThat(under.adminPost("/fleet/drain?engine=" + engine.name())).isEqualTo(200);
        under.awaitState(engine.name(), "draining");
        RawResponse response = ask(under);
        OpenAiErrors.assertFailure(response, FailureKind.NO_ENGINE);
        assertThat(response.head().value("retry-after")).isNotBlank();
        assertThat(engine.journal().heads()).isEmpty();
    }

    private RawResponse ask(RouterUnderTest under) throws IOException {
        return router.client(under).post("/v1/completions", BODY).readResponse();
    }
}
