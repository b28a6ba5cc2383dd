package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Engines come and go in a watched file, and clients do not notice. */
final class FileDiscoveryIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("engines.yaml");
    }

    private void list(ScriptedEngine... engines) throws IOException {
        write(Stream.of(engines).map(ScriptedEngine::url).collect(Collectors.joining(", ", "engines: [", "]")));
    }

    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private RouterUnderTest start() {
        return router.start(new RouterSetup().pool("discovery", "{ file: \"" + file() + "\" }"));
    }

    private static JsonNode discovery(RouterUnderTest under) {
        return OpenAiErrors.parse(under.admin("/fleet")).at("/pools/0/discovery");
    }

    private static String served(RouterUnderTest under) throws IOException {
        try (RawClient client = RawClient.connect(under.port())) {
            return client.post(PATH, BODY).readResponse().text();
        }
    }

    private FakeEngine streaming(Gate more) {
        return router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(more).event("2").event("[DONE]").end();
        });
    }

    @Test
    void streamsRunOnWhileEnginesAreAddedToAndRemovedFromTheFile() throws IOException {
        Gate more = new Gate();
        FakeEngine leaving = streaming(more);
        FakeEngine next = router.engine();
        list(leaving);
        RouterUnderTest under = start();
        under.awaitState(leaving.name(), "ready");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 1\n\n");

        list(leaving, next);
        under.awaitState(next.name(), "ready");
        assertThat(under.state(leaving.name())).isEqualTo("ready");
        list(next);
        under.awaitState(leaving.name(), "draining");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 2\n\ndata: [DONE]\n\n");

        under.awaitState(leaving.name(), "absent");
        assertThat(leaving.journal().requests()).hasSize(1);
    }

    @Test
    void enginesOfTheRoutersZoneGetTheRequestsUntilTheyLeave() throws IOException {
        FakeEngine near = router.engine();
        FakeEngine far = router.engine();
        write(zoned(near, "eu-1a", far, "eu-1b"));
        RouterUnderTest under = router.start(new RouterSetup()
                .server("zone", "eu-1a")
                .pool("policy", "{ type: least-requests, sameZone: true }")
                .pool("discovery", "{ file: \"" + file() + "\" }"));
        under.awaitState(near.name(), "ready");
        under.awaitState(far.name(), "ready");
        for (int i = 0; i < 6; i++) {
            assertThat(served(under)).isEqualTo("{\"ok\":true}");
        }
        assertThat(near.journal().requests()).hasSize(6);

        list(far);
        under.awaitState(near.name(), "absent");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        assertThat(far.journal().requests()).hasSize(1);
    }

    private static String zoned(FakeEngine one, String its, FakeEngine other, String others) {
        String engine = "{ url: \"%s\", labels: { zone: %s } }";
        return "engines: [" + engine.formatted(one.url(), its) + ", " + engine.formatted(other.url(), others) + "]";
    }

    @Test
    void aBrokenAndAMissingFileAreToldAndTheEnginesKept() throws IOException {
        FakeEngine engine = router.engine();
        list(engine);
        RouterUnderTest under = start();
        under.awaitState(engine.name(), "ready");
        assertThat(under.metric("penstock_discovery_engines", "source=\"file\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_discovery_stale", "chat")).isZero();

        write("engines: [http://nowhere]");
        await().until(() -> under.metric("penstock_discovery_stale", "chat") == 1);
        assertThat(discovery(under).path("problem").asText()).contains("engines[0].url", "has no port");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        Files.delete(file());
        await().until(() -> discovery(under).path("problem").asText().equals("there is no such file"));
        write("engines: []");
        await().until(() -> discovery(under).path("problem").asText().equals("it knows of no engine any more"));
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        assertThat(under.metric("penstock_discovery_errors_total", "chat")).isGreaterThanOrEqualTo(3);

        list(engine);
        await().until(() -> under.metric("penstock_discovery_stale", "chat") == 0);
        assertThat(discovery(under).path("problem").isNull()).isTrue();
    }

    @Test
    void aRouterWithoutAnyEngineYetIsNotReadyAndSaysWhy() throws IOException {
        RouterUnderTest under = start();
        await().until(() -> discovery(under).path("problem").asText().equals("there is no such file"));
        assertThat(under.adminGet("/readyz").status()).isEqualTo(503);
        assertThat(under.admin("/readyz")).contains("chat (no engine known)");
        FakeEngine engine = router.engine();
        list(engine);
        under.awaitState(engine.name(), "ready");
        assertThat(under.adminGet("/readyz").status()).isEqualTo(200);
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
    }
}
