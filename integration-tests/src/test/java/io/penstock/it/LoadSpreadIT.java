package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a burst of requests spreads over the engines. */
final class LoadSpreadIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aHundredAtOnceOnFourEnginesAreTwentyFiveEach(int loops) throws IOException {
        Gate go = new Gate();
        List<ScriptedEngine> engines = waitingFor(go, 4);
        RouterUnderTest under = start(engines, "{ type: least-requests }", loops);
        List<RawClient> clients = burst(under, 100, "");
        awaitAll(engines, 100);
        assertThat(engines)
                .allSatisfy(
                        engine -> assertThat(engine.journal().heads().size()).isBetween(24, 26));
        assertThat(under.inFlight()).isEqualTo(100);
        finish(go, clients);
    }

    @Test
    void powerOfTwoSpreadsWithoutExtremes() throws IOException {
        Gate go = new Gate();
        List<ScriptedEngine> engines = waitingFor(go, 4);
        RouterUnderTest under = start(engines, "{ type: power-of-two }", 1);
        List<RawClient> clients = burst(under, 100, "");
        awaitAll(engines, 100);
        assertThat(engines)
                .allSatisfy(
                        engine -> assertThat(engine.journal().heads().size()).isBetween(19, 31));
        finish(go, clients);
    }

    @Test
    void roundRobinTakesTurns() throws IOException {
        Gate go = new Gate();
        List<ScriptedEngine> engines = waitingFor(go, 4);
        RouterUnderTest under = start(engines, "{ type: round-robin }", 1);
        List<RawClient> clients = burst(under, 100, "");
        awaitAll(engines, 100);
        assertThat(engines)
                .allSatisfy(engine -> assertThat(engine.journal().heads()).hasSize(25));
        finish(go, clients);
    }

    @Test
    void oneHotSessionSpillsBeyondItsBound() throws IOException {
        Gate go = new Gate();
        List<ScriptedEngine> engines = waitingFor(go, 4);
        RouterUnderTest under = start(engines, "{ type: session, loadBound: 1.25 }", 1);
        List<RawClient> clients = burst(under, 100, "x-session-id: hot");
        awaitAll(engines, 100);
        assertThat(engines)
                .allSatisfy(
                        engine -> assertThat(engine.journal().heads().size()).isLessThanOrEqualTo(32));
        finish(go, clients);
    }

    @Test
    void anEngineThatDrainsGetsNothingNewAndFinishesItsOwn() throws IOException {
        Gate go = new Gate();
        List<ScriptedEngine> engines = waitingFor(go, 2);
        RouterUnderTest under = start(engines, "{ type: least-requests }", 1);
        List<RawClient> clients = burst(under, 2, "");
        awaitAll(engines, 2);
        ScriptedEngine drained = engines.get(0);
        under.adminPost("/fleet/drain?engine=" + drained.name());
        under.awaitState(drained.name(), "draining");
        clients.addAll(burst(under, 6, ""));
        awaitAll(engines, 8);
        assertThat(drained.journal().heads()).hasSize(1);
        finish(go, clients);
    }

    private List<ScriptedEngine> waitingFor(Gate gate, int count) {
        List<ScriptedEngine> engines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            engines.add(router.engine().answering(turn -> {
                turn.request();
                turn.await(gate).respond(200, "content-length: 2").data("ok").end();
            }));
        }
        return engines;
    }

    private RouterUnderTest start(List<ScriptedEngine> engines, String policy, int loops) {
        return router.start(new RouterSetup()
                .engines(engines.toArray(ScriptedEngine[]::new))
                .pool("policy", policy)
                .loops(loops));
    }

    private List<RawClient> burst(RouterUnderTest under, int count, String header) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = router.client(under);
            clients.add(
                    header.isEmpty()
                            ? client.post("/v1/completions", BODY)
                            : client.post("/v1/completions", BODY, header));
        }
        return clients;
    }

    private static void awaitAll(List<ScriptedEngine> engines, int count) {
        org.awaitility.Awaitility.await()
                .until(() -> engines.stream()
                                .mapToInt(engine -> engine.journal().heads().size())
                                .sum()
                        == count);
    }

    private static void finish(Gate gate, List<RawClient> clients) throws IOException {
        gate.open();
        for (RawClient client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }
}
