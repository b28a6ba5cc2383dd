package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Engines come and go as pods, and clients do not notice. */
final class KubernetesDiscoveryIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String SELECTOR = "{ kubernetes: { selector: app=vllm, port: http } }";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final FakeCluster cluster = FakeCluster.start();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private RouterUnderTest start(String discovery) {
        return router.start(new RouterSetup().pool("discovery", discovery));
    }

    private static JsonNode discovery(RouterUnderTest under) {
        return OpenAiErrors.parse(under.admin("/fleet")).at("/pools/0/discovery");
    }

    private static String served(RouterUnderTest under) throws IOException {
        try (RawClient client = RawClient.connect(under.port())) {
            return client.post(PATH, BODY).readResponse().text();
        }
    }

    /** The client of the API server takes its time to load. */
    private static void awaitState(RouterUnderTest under, FakeEngine engine, String state) {
        await().until(() -> under.state(engine.name()).equals(state));
    }

    private FakeEngine streaming(Gate more) {
        return router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(more).event("2").end();
        });
    }

    @Test
    void aPodThatIsNotReadyJoinsLaterAndOneThatEndsFinishesItsStreams() throws IOException {
        Gate more = new Gate();
        FakeEngine leaving = streaming(more);
        FakeEngine next = router.engine();
        cluster.add("a", leaving.port(), true, Map.of("penstock.io/zone", "eu-1a"));
        cluster.add("b", next.port(), false, Map.of());
        RouterUnderTest under = start(SELECTOR);
        awaitState(under, leaving, "ready");
        assertThat(under.state(next.name())).isEqualTo("absent");
        assertThat(discovery(under).path("withheld").asInt()).isEqualTo(1);
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 1\n\n");

        cluster.ready("b", true);
        awaitState(under, next, "ready");
        cluster.terminate("a");
        awaitState(under, leaving, "draining");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 2\n\n");
        awaitState(under, leaving, "absent");
        cluster.gone("a");
        assertThat(discovery(under).path("problem").isNull()).isTrue();
    }

    @Test
    void aPodThatIsNotReadyAnyMoreLeavesAndComesBackAsTheSameEngine() throws IOException {
        Gate more = new Gate();
        FakeEngine engine = streaming(more);
        cluster.add("a", engine.port(), true, Map.of());
        RouterUnderTest under = start(SELECTOR);
        awaitState(under, engine, "ready");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        cluster.ready("a", false);
        awaitState(under, engine, "draining");
        assertThat(under.inFlight()).isEqualTo(1);
        cluster.ready("a", true);
        awaitState(under, engine, "ready");
        assertThat(under.inFlight()).isEqualTo(1);
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).endsWith("data: 2\n\n");
    }

    @Test
    void labelsFollowThePodAndOneThatTheSelectorMissesIsNoEngine() {
        FakeEngine engine = router.engine();
        FakeEngine other = router.engine();
        cluster.add("a", engine.port(), true, Map.of("penstock.io/role", "decode"));
        cluster.add("b", other.port(), true, Map.of());
        RouterUnderTest under = start(SELECTOR);
        awaitState(under, engine, "ready");
        awaitState(under, other, "ready");
        assertThat(label(under, engine, "role")).isEqualTo("decode");
        cluster.label("a", "penstock.io/role", "prefill");
        await().until(() -> label(under, engine, "role").equals("prefill"));
        cluster.label("b", "app", "something-else");
        awaitState(under, other, "absent");
        assertThat(under.state(engine.name())).isEqualTo("ready");
    }

    private static String label(RouterUnderTest under, FakeEngine engine, String name) {
        JsonNode view = under.fleet().get(engine.name());
        return view == null ? "absent" : view.path("labels").path(name).asText();
    }

    @Test
    void theFleetStaysWhileTheApiServerIsAwayAndCatchesUpWithWhatItMissed() throws IOException {
        Gate away = new Gate();
        Gate back = new Gate();
        FakeEngine stays = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream()
                    .event("1")
                    .await(away)
                    .event("2")
                    .await(back)
                    .event("3")
                    .end();
        });
        FakeEngine goes = router.engine();
        FakeEngine comes = router.engine();
        cluster.add("a", stays.port(), true, Map.of());
        RouterUnderTest under = start(SELECTOR);
        awaitState(under, stays, "ready");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 1\n\n");
        cluster.add("b", goes.port(), true, Map.of());
        awaitState(under, goes, "ready");

        cluster.cut(true);
        // before anything changes: a cluster that speaks to a connection while it ends is busy with itself for a minute
        await().until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 1);
        cluster.terminate("b");
        cluster.gone("b");
        cluster.add("c", comes.port(), true, Map.of());
        assertThat(discovery(under).path("problem").asText()).contains("the API server");
        assertThat(under.state(goes.name())).isEqualTo("ready");
        assertThat(under.state(comes.name())).isEqualTo("absent");
        away.open();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 2\n\n");

        cluster.forget();
        cluster.cut(false);
        awaitState(under, comes, "ready");
        awaitState(under, goes, "absent");
        assertThat(under.state(stays.name())).isEqualTo("ready");
        await().until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 0);
        back.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 3\n\n");
    }

    @Test
    void watchesThatDiedWithoutAWordAreOpenedAnew() throws IOException {
        Gate more = new Gate();
        FakeEngine stays = streaming(more);
        FakeEngine goes = router.engine();
        FakeEngine comes = router.engine();
        cluster.add("a", stays.port(), true, Map.of());
        cluster.add("b", goes.port(), true, Map.of());
        RouterUnderTest under = start("{ kubernetes: { selector: app=vllm, port: http, refresh: 3s } }");
        awaitState(under, stays, "ready");
        cluster.terminate("b");
        awaitState(under, goes, "absent");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();

        cluster.goDark();
        cluster.add("c", comes.port(), true, Map.of());
        awaitState(under, comes, "ready");
        assertThat(under.state(stays.name())).isEqualTo("ready");
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 1\n\ndata: 2\n\n");
    }

    @Test
    void aClusterInWhichNothingHappensIsAskedNowAndThenAndConnectionsAreGivenBack() {
        FakeEngine engine = router.engine();
        cluster.add("a", engine.port(), true, Map.of());
        RouterUnderTest under = start("{ kubernetes: { selector: app=vllm, port: http, refresh: 1s } }");
        awaitState(under, engine, "ready");
        int before = cluster.questions();
        await().until(() -> cluster.questions() >= before + 2 * 4);
        assertThat(cluster.openEnds()).isLessThanOrEqualTo(8);
        assertThat(under.state(engine.name())).isEqualTo("ready");
        assertThat(under.metric("penstock_discovery_errors_total", "kubernetes"))
                .isZero();
    }

    @Test
    void anApiServerThatIsNotKnownAtTheStartIsFoundLater() {
        FakeEngine engine = router.engine();
        cluster.add("a", engine.port(), true, Map.of());
        cluster.known(false);
        RouterUnderTest under = start(SELECTOR);
        await().until(() -> discovery(under).path("problem").asText().startsWith("the API server cannot be asked: "));
        assertThat(under.metric("penstock_discovery_stale", "kubernetes")).isEqualTo(1);
        cluster.known(true);
        awaitState(under, engine, "ready");
        await().until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 0);
    }

    @Test
    void aNamespaceThatIsRefusedIsToldAndTheOthersAreUsed() throws IOException {
        FakeEngine engine = router.engine();
        FakeEngine next = router.engine();
        cluster.add("a", engine.port(), true, Map.of());
        RouterUnderTest under = start("{ kubernetes: { selector: app=vllm, port: http, namespaces: ["
                + FakeCluster.REFUSED + ", models] } }");
        awaitState(under, engine, "ready");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        assertThat(discovery(under).path("problem").asText())
                .isEqualTo("namespace secret: the API server refuses: pods is forbidden");
        assertThat(under.metric("penstock_discovery_stale", "kubernetes")).isEqualTo(1);
        cluster.add("b", next.port(), true, Map.of());
        awaitState(under, next, "ready");
        assertThat(under.metric("penstock_discovery_errors_total", "kubernetes"))
                .as("told once")
                .isEqualTo(1);
    }

    @Test
    void whatIsWrongWithOneNamespaceIsToldOnceHoweverOftenWatchesAreOpened() {
        FakeEngine stays = router.engine();
        FakeEngine goes = router.engine();
        cluster.add("a", stays.port(), true, Map.of());
        cluster.add("b", goes.port(), true, Map.of());
        // shorter than the patience with a namespace that is not heard of
        RouterUnderTest under = start("{ kubernetes: { selector: app=vllm, port: http, refresh: 4s, namespaces: ["
                + FakeCluster.REFUSED + ", models] } }");
        awaitState(under, goes, "ready");
        int before = cluster.questions();
        await().until(() -> cluster.questions() >= before + 2);
        // the mocked server stands still for a minute if it is changed while it ends the watches of before
        assertThat(new Gate().isOpenWithin(Duration.ofSeconds(1))).isFalse();
        cluster.terminate("b");
        cluster.gone("b");
        awaitState(under, goes, "absent");
        assertThat(under.state(stays.name())).isEqualTo("ready");
        assertThat(under.metric("penstock_discovery_stale", "kubernetes")).isEqualTo(1);
        assertThat(under.metric("penstock_discovery_errors_total", "kubernetes"))
                .isEqualTo(1);
    }

    @Test
    void anApiServerThatStaysAwayIsNotTakenForOneThatIsBackWhenWatchesAreOpened() {
        FakeEngine engine = router.engine();
        cluster.add("a", engine.port(), true, Map.of());
        RouterUnderTest under = start("{ kubernetes: { selector: app=vllm, port: http, refresh: 9s } }");
        awaitState(under, engine, "ready");
        cluster.label("a", "penstock.io/role", "decode");
        await().until(() -> label(under, engine, "role").equals("decode"));
        cluster.cut(true);
        await().until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 1);
        await().atMost(Duration.ofSeconds(12))
                .during(Duration.ofSeconds(9))
                .until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 1
                        && under.metric("penstock_discovery_errors_total", "kubernetes") == 1);
        cluster.cut(false);
        await().until(() -> under.metric("penstock_discovery_stale", "kubernetes") == 0);
    }

    @Test
    void theEndpointsOfAServiceAreEngines() throws IOException {
        FakeEngine one = router.engine();
        FakeEngine other = router.engine();
        cluster.slices(one.port(), other.port());
        RouterUnderTest under = start("{ kubernetes: { service: vllm, port: http } }");
        awaitState(under, one, "ready");
        awaitState(under, other, "ready");
        assertThat(label(under, one, "zone")).isEqualTo("eu-1a");
        cluster.slice(one.port(), false);
        awaitState(under, one, "absent");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        cluster.slice(other.port(), false);
        awaitState(under, other, "absent");
        cluster.slice(one.port(), true);
        awaitState(under, one, "ready");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
    }

    @Test
    void fiveHundredPodsComeAndGoAndNoRequestFailsNorStreamEnds() throws IOException {
        // a script waits for a gate no longer than ten seconds
        List<Gate> gates = Stream.generate(Gate::new).limit(10).toList();
        FakeEngine stays = router.engine().serving(List.of("m")).next(turn -> {
            turn.request();
            var stream = turn.eventStream().event("begun");
            for (Gate gate : gates) {
                stream = stream.await(gate).event("more");
            }
            stream.end();
        });
        cluster.add("stays", stays.port(), true, Map.of("penstock.io/model", "m"));
        RouterUnderTest under =
                router.start(new RouterSetup().pool("models", "[]").pool("discovery", SELECTOR));
        awaitState(under, stays, "ready");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: begun\n\n");
        try (RawClient client = RawClient.connect(under.port())) {
            for (int i = 0; i < 500; i++) {
                cluster.add("p" + i, 1 + i, true, Map.of("penstock.io/model", "other"));
                if (i % 3 == 0) {
                    cluster.ready("p" + i, false);
                } else if (i % 3 == 1) {
                    cluster.terminate("p" + i);
                    cluster.gone("p" + i);
                }
                if (i % 50 == 49) {
                    gates.get(i / 50).open();
                    assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: more\n\n");
                }
                if (i % 5 == 0) {
                    assertThat(client.post(PATH, BODY).readResponse().text()).isEqualTo("{\"ok\":true}");
                }
            }
        }
        await().until(() -> discovery(under).path("engines").asInt() == 1 + 166);
        await().until(() -> under.fleet().size() == 1 + 166);
        assertThat(discovery(under).path("withheld").asInt()).isEqualTo(167);
        assertThat(running.readBody(head)).as("it ended well").isEmpty();
    }
}
