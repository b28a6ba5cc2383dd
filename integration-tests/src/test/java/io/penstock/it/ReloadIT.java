package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients do not notice that the configuration changes while they are served. */
final class ReloadIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private static String over(ScriptedEngine... engines) {
        return new RouterSetup().engines(engines).yaml();
    }

    private String served(RouterUnderTest under) throws IOException {
        try (RawClient client = RawClient.connect(under.port())) {
            return client.post(PATH, BODY).readResponse().text();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamRunsOnFromAnEngineThatIsRemoved(EngineKind kind) throws IOException {
        Gate more = new Gate();
        ScriptedEngine leaving = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(more).event("2").event("[DONE]").end();
        });
        FakeEngine next = router.engine();
        RouterUnderTest under = router.start(over(leaving));
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 1\n\n");

        under.reload(over(next));
        assertThat(under.state(leaving.name())).isEqualTo("draining");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 2\n\ndata: [DONE]\n\n");

        await().until(() -> under.state(leaving.name()).equals("absent"));
        await().until(() -> !under.admin("/metrics").contains(leaving.name()));
        assertThat(leaving.journal().requests()).hasSize(1);
    }

    @Test
    void theConnectionsOfARemovedEngineAreClosed() throws IOException {
        FakeEngine leaving = router.engine();
        FakeEngine next = router.engine();
        String longIdle = "{ idleTimeout: 10m }";
        RouterUnderTest under = router.start(
                new RouterSetup().engines(leaving).connections(longIdle).yaml());
        served(under);
        await().until(() -> under.metric("penstock_engine_connections_idle", leaving.name()) > 0);
        under.reload(new RouterSetup().engines(next).connections(longIdle).yaml());
        await().until(() -> under.metric("penstock_engine_connections_open", leaving.name()) == 0);
    }

    @Test
    void sessionsStayHomeWhenAnotherPoolChanges() throws IOException {
        FakeEngine[] engines = {named("a"), named("b"), named("c")};
        RouterSetup sessions = new RouterSetup().engines(engines).pool("policy", "session");
        RouterUnderTest under = router.start(sessions.yaml());
        Map<String, String> homes = homes(under);
        under.reload(sessions.route("timeouts", "{ connect: 2s }").yaml());
        assertThat(homes(under)).isEqualTo(homes);
        assertThat(under.metric("penstock_engine_sessions_homed", "")).isEqualTo(homes.size());
        assertThat(homes.values()).contains("a", "b", "c");
    }

    private FakeEngine named(String name) {
        return router.engine().answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: 1").data(name).end();
        });
    }

    private Map<String, String> homes(RouterUnderTest under) throws IOException {
        Map<String, String> homes = new HashMap<>();
        try (RawClient client = RawClient.connect(under.port())) {
            for (int i = 0; i < 30; i++) {
                client.post(PATH, BODY, "x-session-id: s" + i);
                homes.put("s" + i, client.readResponse().text());
            }
        }
        return homes;
    }

    @Test
    void whoWaitsInARemovedPoolIsServedByAnother() throws IOException {
        Gate finish = new Gate();
        FakeEngine busy = router.engine().answering(turn -> {
            turn.request();
            turn.await(finish).respond(200, "content-length: 3").data("old").end();
        });
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(busy)
                .pool("limits", "{ engineRequests: 1, waiting: 5 }")
                .yaml());
        RawClient first = router.client(under).post(PATH, BODY);
        busy.journal().awaitRequests(1);
        RawClient second = router.client(under).post(PATH, BODY);
        await().until(() -> under.metric("penstock_waiting_requests", "") == 1);
        under.reload(over(named("n")).replace("chat", "other"));

        assertThat(second.readResponse().text()).isEqualTo("n");
        finish.open();
        assertThat(first.readResponse().text()).isEqualTo("old");
    }

    @Test
    void noRequestFailsWhileEnginesComeAndGo() throws IOException {
        FakeEngine one = router.engine();
        FakeEngine other = router.engine();
        RouterUnderTest under = router.start(over(one));
        try (RawClient client = RawClient.connect(under.port())) {
            for (int i = 0; i < 20; i++) {
                under.reload(i % 2 == 0 ? over(other) : over(one));
                for (int j = 0; j < 5; j++) {
                    assertThat(client.post(PATH, BODY).readResponse().status()).isEqualTo(200);
                }
            }
        }
        assertThat(one.journal().requests()).isNotEmpty();
        assertThat(other.journal().requests()).isNotEmpty();
    }
}
