package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths are open, which models exist, and what the router answers itself. */
final class PathsAndModelsIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/responses",
                "/v1/embeddings",
                "/v1/rerank",
                "/v1/score",
                "/v1/audio/speech",
                "/v1/messages",
                "/tokenize",
                "/detokenize"
            })
    void inferencePathsAreOpen(String path) throws IOException {
        FakeEngine engine = router.engine();
        assertThat(router.client(router.start(engine))
                        .post(path, BODY)
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(engine.journal().onlyRequest().head().target()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/server_info",
                "/sleep",
                "/wake_up",
                "/reset_prefix_cache",
                "/invocations",
                "/v1/load_lora_adapter",
                "/v1/unload_lora_adapter",
                "/update_weights",
                "/flush_cache",
                "/collective_rpc",
                "/",
                "/v2",
                "/v1/../sleep",
                "/v1/%2e%2e/sleep",
                "/v1/..%2fsleep",
                "//sleep",
                "/v1/load%5flora_adapter",
                "/V1/LOAD_LORA_ADAPTER",
                "/v1/load_lora_adapter/",
                "/v1/load_lora_adapter;x"
            })
    void administrativePathsAreClosed(String path) throws IOException {
        FakeEngine engine = router.engine();
        RawResponse response =
                router.client(router.start(engine)).post(path, BODY).readResponse();
        OpenAiErrors.assertFailure(
                response, response.status() == 404 ? FailureKind.PATH_NOT_FOUND : FailureKind.BAD_REQUEST);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void aRouteMayOpenThem() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).route("openAdminPaths", "true"));
        assertThat(router.client(under)
                        .post("/reset_prefix_cache", "")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(engine.journal().onlyRequest().head().target()).isEqualTo("/reset_prefix_cache");
    }

    @Test
    void anUnknownModelIsAnsweredWithThoseThatExist() throws IOException {
        FakeEngine engine = router.engine();
        RawResponse response = router.client(router.start(engine))
                .post("/v1/chat/completions", "{\"model\":\"nope\"}")
                .readResponse();
        String message = OpenAiErrors.assertFailure(response, FailureKind.MODEL_NOT_FOUND);
        assertThat(message).contains("nope").contains("m");
        assertThat(OpenAiErrors.parse(response.text()).at("/error/param").asText())
                .isEqualTo("model");
        assertThat(engine.journal().heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":", "not json", "[1,2]", "{\"model\":\"m\"} trailing", "\"m\""})
    void aBodyThatIsNoJsonObjectIsRefused(String body) throws IOException {
        FakeEngine engine = router.engine();
        OpenAiErrors.assertFailure(
                router.client(router.start(engine))
                        .post("/v1/chat/completions", body)
                        .readResponse(),
                FailureKind.BAD_REQUEST);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void modelsAreMergedOverPools() throws IOException {
        FakeEngine first = router.engine().serving(List.of("qwen", "qwen-lora"));
        FakeEngine second = router.engine().serving(List.of("llama"));
        RouterUnderTest under = router.start("""
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1 }
                pools:
                  - { name: a, engines: ["%s"] }
                  - { name: b, engines: ["%s"] }
                """.formatted(first.url(), second.url()));
        await().until(() -> models(under).equals(List.of("qwen", "qwen-lora", "llama")));
        RawClient client = router.client(under);
        RawResponse card = client.get("/v1/models/qwen-lora").readResponse();
        assertThat(OpenAiErrors.parse(card.text()).path("id").asText()).isEqualTo("qwen-lora");
        OpenAiErrors.assertFailure(client.get("/v1/models/nope").readResponse(), FailureKind.MODEL_NOT_FOUND);

        client.post("/v1/completions", "{\"model\":\"llama\"}").readResponse();
        client.post("/v1/completions", "{\"model\":\"qwen-lora\"}").readResponse();
        assertThat(second.journal().onlyRequest().text()).contains("llama");
        assertThat(first.journal().onlyRequest().text()).contains("qwen-lora");
    }

    @Test
    void aModelMayBeRenamedAndNothingElseIs() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(engine)
                .route("match", "{ model: \"alias-*\" }")
                .route("model", "m"));
        String body = "{ \"a\" : 1.50, \"model\" : \"alias-1\",\"prompt\":\"alias-1 \\u00e9\" }";
        assertThat(router.client(under)
                        .post("/v1/completions", body)
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(engine.journal().onlyRequest().text())
                .isEqualTo("{ \"a\" : 1.50, \"model\" : \"m\",\"prompt\":\"alias-1 \\u00e9\" }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRACE /v1/completions | GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                "POST /v1/models | GET, HEAD",
                "DELETE /health | GET, HEAD",
                "CONNECT /v1/completions | GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
            })
    void aWrongMethodIsRefusedAndTheRightOnesAreNamed(String line, String allowed) throws IOException {
        FakeEngine engine = router.engine();
        RawResponse response = router.client(router.start(engine))
                .send(line + " HTTP/1.1\r\nhost: r\r\n\r\n")
                .readResponse();
        OpenAiErrors.assertFailure(response, FailureKind.METHOD_NOT_ALLOWED);
        assertThat(response.head().value("allow")).contains("GET");
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void headAnnouncesTheLengthOfGetAndSendsNothing() throws IOException {
        RawClient client = router.client(router.start(router.engine()));
        await().until(() -> client.get("/v1/models/m").readResponse().status() == 200);
        for (String path : List.of("/v1/models", "/v1/models/m", "/health", "/v1/models/nope")) {
            RawResponse whole = client.get(path).readResponse();
            WireHead head =
                    client.send("HEAD " + path + " HTTP/1.1\r\nhost: r\r\n\r\n").readHead();
            assertThat(head.status()).isEqualTo(whole.status());
            assertThat(head.value("content-length")).isEqualTo(whole.head().value("content-length"));
            assertThat(head.value("content-length")).isNotEqualTo("0");
        }
        assertThat(client.get("/health").readResponse().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/models", "*"})
    void optionsTellsTheMethods(String target) throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(
                router.start(new RouterSetup().engines(engine).route("match", "{ path: \"/v1/*\", model: m }")));
        WireHead head = client.send("OPTIONS " + target + " HTTP/1.1\r\nhost: r\r\n\r\n")
                .readHead();
        assertThat(head.status()).isEqualTo(204);
        assertThat(head.value("allow")).contains("GET").contains("OPTIONS");
        assertThat(head.value("content-length")).isNull();
        assertThat(head.value("transfer-encoding")).isNull();
        assertThat(client.get("/health").readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().heads()).isEmpty();
    }

    @Test
    void optionsOfAnUnknownPathIsNotFound() throws IOException {
        OpenAiErrors.assertFailure(
                router.client(router.start(router.engine()))
                        .send("OPTIONS /sleep HTTP/1.1\r\nhost: r\r\n\r\n")
                        .readResponse(),
                FailureKind.PATH_NOT_FOUND);
    }

    @Test
    void theRouterSaysThatItIsWell() throws IOException {
        RouterUnderTest under = router.start(router.engine());
        RawClient client = router.client(under);
        assertThat(client.get("/health").readResponse().status()).isEqualTo(200);
        under.awaitReady();
        assertThat(under.admin("/livez")).isNotEmpty();
        assertThat(under.admin("/metrics")).contains("penstock_build_info");
    }

    private List<String> models(RouterUnderTest under) throws IOException {
        RawResponse list = router.client(under).get("/v1/models").readResponse();
        JsonNode data = OpenAiErrors.parse(list.text()).path("data");
        return data.findValuesAsText("id").stream().distinct().toList();
    }
}
