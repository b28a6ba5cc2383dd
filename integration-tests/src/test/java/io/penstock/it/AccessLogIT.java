package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.router.access.NewKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One line for each request, whatever became of it, with nothing secret in it. */
final class AccessLogIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"a secret prompt\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private RouterUnderTest start(ScriptedEngine... engines) {
        String yaml =
                new RouterSetup().engines(engines).server("accessLog", "on").yaml();
        return router.start(yaml, out);
    }

    private JsonNode line() {
        await().until(() -> out.toString(UTF_8).endsWith("\n"));
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).doesNotContain("secret");
        return OpenAiErrors.parse(lines.get(0));
    }

    @Test
    void aNormalRequest() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = start(engine);
        try (RawClient client = RawClient.connect(under.port())) {
            client.post(
                    PATH + "?key=secret",
                    BODY,
                    "x-request-id: mine",
                    "x-session-id: s",
                    "authorization: Bearer secret");
            client.readResponse();
        }
        JsonNode line = line();
        assertThat(line.path("requestId").asText()).isEqualTo("mine");
        assertThat(line.path("client").asText()).startsWith("127.0.0.1:");
        assertThat(line.path("protocol").asText()).isEqualTo("http1");
        assertThat(line.path("method").asText()).isEqualTo("POST");
        assertThat(line.path("path").asText()).isEqualTo(PATH);
        assertThat(line.path("session").asText()).matches("[0-9a-f]{16}");
        assertThat(line.path("route").asText()).isEqualTo("main");
        assertThat(line.path("pool").asText()).isEqualTo("chat");
        assertThat(line.path("model").asText()).isEqualTo("m");
        assertThat(line.path("engine").asText()).isEqualTo(engine.name());
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("failure").isNull()).isTrue();
        assertThat(line.path("attempts").asInt()).isEqualTo(1);
        assertThat(line.path("requestBytes").asInt()).isEqualTo(BODY.length());
        assertThat(line.path("responseBytes").asInt()).isEqualTo("{\"ok\":true}".length());
        assertThat(line.path("totalMs").asDouble()).isPositive();
        assertThat(line.path("firstByteMs").isNumber()).isTrue();
    }

    @Test
    void aRefusedRequest() throws IOException {
        RouterUnderTest under = start(router.engine());
        try (RawClient client = RawClient.connect(under.port())) {
            client.post(PATH, "{\"model\":\"unknown\"}");
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
        JsonNode line = line();
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("failure").asText()).isEqualTo("model_not_found");
        assertThat(line.path("engine").isNull()).isTrue();
        assertThat(line.path("attempts").asInt()).isZero();
        assertThat(line.path("connectMs").isNull()).isTrue();
    }

    @Test
    void aRequestBeyondItsLimitIsLoggedWithItsKeyAndSession() throws IOException {
        String yaml = new RouterSetup()
                        .engines(router.engine())
                        .server("accessLog", "on")
                        .route("access", "{ requestsPerMinute: 1 }")
                        .yaml()
                + "access: { keys: [{ name: ann, sha256: \""
                + NewKey.of("key-of-ann").sha256() + "\" }] }\n";
        RouterUnderTest under = router.start(yaml, out);
        try (RawClient client = RawClient.connect(under.port())) {
            for (int status : new int[] {200, 429}) {
                client.post(PATH, BODY, "authorization: Bearer key-of-ann", "x-session-id: s");
                assertThat(client.readResponse().status()).isEqualTo(status);
            }
            client.post(PATH, "{\"model\":\"unknown\"}", "authorization: Bearer key-of-ann");
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
        await().until(() -> out.toString(UTF_8).lines().count() == 3);
        List<JsonNode> lines =
                out.toString(UTF_8).lines().map(OpenAiErrors::parse).toList();
        assertThat(lines).extracting(line -> line.path("key").asText()).containsOnly("ann");
        assertThat(lines.get(1).path("failure").asText()).isEqualTo("rate_limited");
        assertThat(lines.get(1).path("session")).isEqualTo(lines.get(0).path("session"));
    }

    @Test
    void theAnswerToAHeadHasNoBytes() throws IOException {
        RouterUnderTest under = start(router.engine());
        try (RawClient client = RawClient.connect(under.port())) {
            client.send("HEAD /v1/models HTTP/1.1\r\nhost: r\r\n\r\n");
            assertThat(client.readHead().value("content-length")).isNotEqualTo("0");
        }
        assertThat(line().path("responseBytes").asInt()).isZero();
    }

    @Test
    void aCutStream() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").reset();
        });
        RouterUnderTest under = start(engine);
        try (RawClient client = RawClient.connect(under.port())) {
            client.post(PATH, BODY).readHead();
            JsonNode line = line();
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("failure").asText()).isEqualTo("engine_reset");
        }
    }

    @Test
    void aRetriedRequest() throws IOException {
        FakeEngine bad = router.engine().answering(turn -> {
            turn.request();
            turn.respond(503, "content-length: 0").end();
        });
        FakeEngine good = router.engine();
        RouterUnderTest under = start(bad, good);
        try (RawClient client = RawClient.connect(under.port())) {
            assertThat(client.post(PATH, BODY).readResponse().status()).isEqualTo(200);
        }
        JsonNode line = line();
        assertThat(line.path("attempts").asInt()).isEqualTo(2);
        assertThat(line.path("engine").asText()).isEqualTo(good.name());
        assertThat(line.path("failure").isNull()).isTrue();
    }
}
