package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines that are not well get no requests; those that are well again do. */
final class EngineHealthIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void anEngineWhoseProbesFailIsLeftOutUntilTheySucceed(EngineKind kind) throws IOException {
        ScriptedEngine sick = kind.start(router);
        ScriptedEngine well = kind.start(router);
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(sick, well)
                .pool("health", "{ interval: 100ms, failuresToDown: 2, successesToUp: 1 }"));
        under.awaitReady();
        sick.healthy(false);
        under.awaitState(sick.name(), "down");
        ask(under, 10, 200);
        assertThat(sick.journal().heads()).isEmpty();
        sick.healthy(true);
        under.awaitState(sick.name(), "ready");
        ask(under, 10, 200);
        assertThat(sick.journal().heads()).hasSize(5);
    }

    @Test
    void anEngineThatFailsItsRequestsIsEjectedAndComesBack() throws IOException {
        FakeEngine failing = router.engine().answering(turn -> {
            turn.request();
            turn.respond(500, "content-length: 0").end();
        });
        FakeEngine well = router.engine();
        FakeEngine alsoWell = router.engine();
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(failing, well, alsoWell)
                .pool("health", "{ interval: 1h, ejectAfter: 3, ejectFor: 3s }"));
        while (failing.journal().heads().size() < 3) {
            router.client(under).post("/v1/completions", BODY).readResponse();
        }
        under.awaitState(failing.name(), "ejected");
        ask(under, 12, 200);
        assertThat(failing.journal().heads()).hasSize(3);
        failing.answering(io.penstock.proxy.testkit.Script.json(200, "{}"));
        under.awaitState(failing.name(), "half_open");
        ask(under, 12, 200);
        under.awaitState(failing.name(), "ready");
        assertThat(failing.journal().heads().size()).isGreaterThan(3);
    }

    @Test
    void refusalsOfTheEngineSayNothingAgainstIt() throws IOException {
        FakeEngine strict = router.engine().answering(turn -> {
            turn.request();
            turn.respond(400, "content-length: 0").end();
        });
        RouterUnderTest under = router.start(strict, router.engine());
        for (int i = 0; i < 20; i++) {
            router.client(under).post("/v1/completions", BODY).readResponse();
        }
        assertThat(strict.journal().heads()).hasSize(10);
        assertThat(under.state(strict.name())).isIn("new", "ready");
    }

    @Test
    void theLastEnginesAreNeverEjected() throws IOException {
        FakeEngine failing = router.engine().answering(turn -> {
            turn.request();
            turn.respond(503, "content-length: 0").end();
        });
        RouterUnderTest under = router.start(failing);
        ask(under, 10, 503);
        assertThat(failing.journal().heads()).hasSize(10);
    }

    private void ask(RouterUnderTest under, int times, int status) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(router.client(under)
                            .post("/v1/completions", BODY)
                            .readResponse()
                            .status())
                    .isEqualTo(status);
        }
    }
}
