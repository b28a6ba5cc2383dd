package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session stays with the engine that has its cache, and every router finds the same one. */
final class SessionAffinityIT {

    private static final int SESSIONS = 200;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void everySessionIsAlwaysHome() throws IOException {
        RouterUnderTest under = router.start(over(engines(4)));
        RawClient client = router.client(under);
        Map<Integer, String> homes = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            for (int session = 0; session < SESSIONS; session++) {
                String engine = engineOf(client, session);
                assertThat(homes.computeIfAbsent(session, fresh -> engine))
                        .as("session %d in round %d", session, round)
                        .isEqualTo(engine);
            }
        }
        assertThat(new HashSet<>(homes.values())).hasSize(4);
        for (String engine : homes.values()) {
            assertThat(homes.values().stream().filter(engine::equals).count()).isBetween(25L, 80L);
        }
    }

    @Test
    void twoRoutersAgreeWhateverTheOrderOfTheirEngines() throws IOException {
        List<ScriptedEngine> engines = engines(4);
        List<ScriptedEngine> otherwise = List.of(engines.get(2), engines.get(0), engines.get(3), engines.get(1));
        RawClient one = router.client(router.start(over(engines).loops(4)));
        RawClient other = router.client(router.start(over(otherwise)));
        for (int session = 0; session < SESSIONS; session++) {
            assertThat(engineOf(one, session)).isEqualTo(engineOf(other, session));
        }
    }

    @Test
    void anEnginesDeathMovesOnlyItsOwnSessions() throws IOException {
        List<ScriptedEngine> engines = engines(4);
        RouterUnderTest under = router.start(over(engines));
        RawClient client = router.client(under);
        Map<Integer, String> before = homes(client);
        ScriptedEngine dead = engines.get(1);
        dead.close();
        for (int round = 0; round < 3; round++) {
            Map<Integer, String> after = homes(client);
            for (int session = 0; session < SESSIONS; session++) {
                String home = Objects.requireNonNull(before.get(session));
                if (home.equals(dead.name())) {
                    assertThat(after.get(session)).isNotEqualTo(dead.name());
                } else {
                    assertThat(after.get(session)).isEqualTo(home);
                }
            }
        }
    }

    @Test
    void anEngineThatComesBackGetsItsSessionsBack() throws IOException {
        List<ScriptedEngine> engines = engines(3);
        RouterSetup setup =
                over(engines).pool("health", "{ interval: 100ms, failuresToDown: 1, successesToUp: 1, ejectAfter: 0 }");
        RouterUnderTest under = router.start(setup);
        under.awaitReady();
        RawClient client = router.client(under);
        Map<Integer, String> before = homes(client);
        ScriptedEngine restarted = engines.get(0);
        restarted.close();
        under.awaitState(restarted.name(), "down");
        assertThat(homes(client)).doesNotContainValue(restarted.name());
        router.closing(naming(FakeEngine.startOn(restarted.port())));
        under.awaitState(restarted.name(), "ready");
        assertThat(homes(client)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-session-id", "X-Session-ID", "x_session_id", "X_SESSION_ID"})
    void theHeadersNameIsMatchedLoosely(String name) throws IOException {
        RawClient client = router.client(router.start(over(engines(4))));
        for (int session = 0; session < 20; session++) {
            RawResponse response = client.post("/v1/completions", "{\"model\":\"m\"}", name + ": s" + session)
                    .readResponse();
            assertThat(response.text()).isEqualTo(engineOf(client, session));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt_cache_key", "user"})
    void withoutTheHeaderTheBodyNamesTheSession(String field) throws IOException {
        RawClient client = router.client(router.start(over(engines(4))));
        for (int session = 0; session < 20; session++) {
            RawResponse response = client.post(
                            "/v1/completions", "{\"model\":\"m\",\"" + field + "\":\"s" + session + "\"}")
                    .readResponse();
            assertThat(response.text()).isEqualTo(engineOf(client, session));
        }
    }

    @Test
    void requestsWithoutASessionUseTheFallback() throws IOException {
        List<ScriptedEngine> engines = engines(4);
        RawClient client = router.client(router.start(over(engines)));
        for (int i = 0; i < 40; i++) {
            client.post("/v1/completions", "{\"model\":\"m\"}").readResponse();
        }
        assertThat(engines)
                .allSatisfy(engine -> assertThat(engine.journal().requests()).hasSize(10));
    }

    private List<ScriptedEngine> engines(int count) {
        List<ScriptedEngine> engines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            engines.add(naming(router.engine()));
        }
        return engines;
    }

    /** An engine that answers with its own name. */
    private static ScriptedEngine naming(ScriptedEngine engine) {
        return engine.answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: text/plain").data(engine.name()).end();
        });
    }

    private static RouterSetup over(List<ScriptedEngine> engines) {
        return new RouterSetup().engines(engines.toArray(ScriptedEngine[]::new)).pool("policy", "{ type: session }");
    }

    private static Map<Integer, String> homes(RawClient client) throws IOException {
        Map<Integer, String> homes = new HashMap<>();
        for (int session = 0; session < SESSIONS; session++) {
            homes.put(session, engineOf(client, session));
        }
        return homes;
    }

    private static String engineOf(RawClient client, int session) throws IOException {
        RawResponse response = client.post("/v1/completions", "{\"model\":\"m\"}", "x-session-id: s" + session)
                .readResponse();
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return response.text();
    }
}
