package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OperationsTest {

    private final EngineBench engine = new EngineBench(SimulatedEngineOptions.builder()
            .models(SimulatedModel.base("base"), SimulatedModel.adapter("lora", "base"))
            .time(TimeModel.instant())
            .maxModelLength(1000)
            .recordedRequests(2)
            .clock(Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC))
            .build());

    @AfterEach
    void close() {
        engine.close();
    }

    private BenchClient post(String path, String body, String... headers) {
        BenchClient client = engine.post(path, body, headers);
        engine.advance(2);
        return client;
    }

    @Test
    void modelsListAdaptersWithTheirParent() {
        JsonNode models = engine.connect().get("/v1/models").json();
        assertThat(models.at("/data/0/id").asText()).isEqualTo("base");
        assertThat(models.at("/data/0/parent").isNull()).isTrue();
        assertThat(models.at("/data/0/max_model_len").asInt()).isEqualTo(1000);
        assertThat(models.at("/data/1/parent").asText()).isEqualTo("base");
    }

    @Test
    void healthIsEmptyAndGoesDownOnRequest() {
        BenchClient client = engine.connect().get("/health");
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.body()).isEmpty();
        post("/v1/completions", "{\"prompt\":\"p\"}", "x-sim-fault", "no-health");
        assertThat(engine.connect().get("/health").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                           | 400 | Bad Request",
                "[]                                          | 400 | Bad Request",
                "{}                                          | 400 | Bad Request",
                "{\"prompt\":1}                              | 400 | BadRequestError",
                "{\"prompt\":\"p\",\"n\":\"two\"}            | 400 | Bad Request",
                "{\"prompt\":\"p\",\"max_tokens\":0}         | 400 | BadRequestError",
                "{\"prompt\":\"p\",\"max_tokens\":1000}      | 400 | BadRequestError",
                "{\"prompt\":\"p\",\"stream_options\":{}}    | 400 | Bad Request",
                "{\"prompt\":\"p\",\"model\":\"other\"}      | 404 | NotFoundError",
                "{\"prompt\":\"p\",\"stop\":[\"\"]}          | 400 | BadRequestError",
            })
    void errorsHaveVllmsShape(String body, int status, String type) {
        BenchClient client = post("/v1/completions", body);
        assertThat(client.status()).isEqualTo(status);
        JsonNode error = client.json().path("error");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.has("param")).isTrue();
    }

    @Test
    void anotherContentTypeIsABadRequest() {
        assertThat(post("/v1/completions", "{\"prompt\":\"p\"}", "content-type", "text/plain")
                        .status())
                .isEqualTo(400);
        assertThat(post("/v1/completions", "{\"prompt\":\"p\"}", "content-type", "Application/JSON; charset=utf-8")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void unknownPathsAndMethodsGetFastApisAnswers() {
        assertThat(engine.connect().get("/nothing").body()).isEqualTo("{\"detail\":\"Not Found\"}");
        BenchClient wrong = engine.connect().get("/v1/completions");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.headers().get("allow")).isEqualTo("POST");
        assertThat(engine.post("/sim/health?up=false", "").status()).isEqualTo(404);
    }

    @Test
    void anAnswerInOneBodySaysTheSameAsAStream() {
        String fields = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"lora\"";
        BenchClient whole = post("/v1/chat/completions", "{" + fields + "}", "x-request-id", "r7");
        BenchClient stream = post("/v1/chat/completions", "{" + fields + ",\"stream\":true}");
        JsonNode body = whole.json();
        assertThat(body.path("id").asText()).isEqualTo("chatcmpl-r7");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("created").asLong()).isEqualTo(1_700_000_000);
        assertThat(body.path("model").asText()).isEqualTo("lora");
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo(stream.said(0));
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(whole.headers().get("date")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
    }

    @Test
    void tokenizeAndDetokenizeAreInverse() {
        JsonNode tokens = post("/tokenize", "{\"prompt\":\"the wheel\",\"return_token_strs\":true}")
                .json();
        assertThat(tokens.path("count").asInt()).isEqualTo(tokens.path("tokens").size());
        assertThat(tokens.path("max_model_len").asInt()).isEqualTo(1000);
        List<String> pieces = new ArrayList<>();
        tokens.path("token_strs").forEach(piece -> pieces.add(piece.asText()));
        assertThat(String.join("", pieces)).isEqualTo("the wheel");
        JsonNode prompt = post("/detokenize", "{\"tokens\":" + tokens.path("tokens") + "}")
                .json();
        assertThat(prompt.path("prompt").asText()).isEqualTo("the wheel");
    }

    @Test
    void tokenizingAChatCountsWhatTheChatCounts() {
        String messages = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}";
        JsonNode tokens = post("/tokenize", messages).json();
        JsonNode chat = post("/v1/chat/completions", messages).json();
        assertThat(chat.at("/usage/prompt_tokens").asInt())
                .isEqualTo(tokens.path("count").asInt());
    }

    @Test
    void embeddingsAreNumbersOrBase64OfTheSameFloats() {
        JsonNode numbers = post("/v1/embeddings", "{\"input\":[\"a\",\"b\"]}").json();
        assertThat(numbers.path("data")).hasSize(2);
        assertThat(numbers.at("/data/0/embedding")).hasSize(EmbeddingOperation.DIMENSIONS);
        assertThat(numbers.at("/data/0/embedding")).isNotEqualTo(numbers.at("/data/1/embedding"));
        JsonNode base64 = post("/v1/embeddings", "{\"input\":\"a\",\"encoding_format\":\"base64\"}")
                .json();
        assertThat(base64.at("/data/0/embedding").asText()).hasSize(44);
    }

    @Test
    void responsesStreamTypedEventsWithGrowingNumbers() throws Exception {
        BenchClient client = post("/v1/responses", "{\"input\":\"hi\",\"stream\":true,\"max_output_tokens\":3}");
        List<JsonNode> events = new ArrayList<>();
        for (String chunk : client.chunks()) {
            String[] lines = chunk.split("\n", -1);
            JsonNode event = new com.fasterxml.jackson.databind.ObjectMapper().readTree(lines[1].substring(6));
            assertThat(lines[0]).isEqualTo("event: " + event.path("type").asText());
            assertThat(event.path("sequence_number").asInt()).isEqualTo(events.size());
            events.add(event);
        }
        assertThat(events.get(0).path("type").asText()).isEqualTo("response.created");
        JsonNode completed = events.get(events.size() - 1).path("response");
        assertThat(completed.at("/output/0/content/0/text").asText())
                .isEqualTo(SimulatedText.of(0, ChatPrompt.ofUser("hi")).first(3));
        assertThat(completed.at("/usage/output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void metricsHaveVllmsNamesAndLabels() {
        post("/v1/completions", "{\"prompt\":\"" + " word".repeat(40) + "\",\"max_tokens\":4}");
        post("/v1/completions", "{\"prompt\":\"" + " word".repeat(40) + "\",\"max_tokens\":4}");
        String metrics = engine.connect().get("/metrics").body();
        String labels = "{model_name=\"base\",engine=\"0\",";
        assertThat(metrics)
                .contains("vllm:num_requests_running" + labels + "} 0.0")
                .contains("vllm:num_requests_waiting" + labels + "} 0.0")
                .contains("vllm:kv_cache_usage_perc" + labels + "} 0.0")
                .contains("vllm:prompt_tokens_total" + labels + "} 160.0")
                .contains("vllm:prefix_cache_queries_total" + labels + "} 160.0")
                .contains("vllm:prefix_cache_hits_total" + labels + "} 64.0")
                .contains("vllm:generation_tokens_total" + labels + "} 8.0")
                .contains("vllm:request_success_total" + labels + "finished_reason=\"length\",} 2.0")
                .contains("vllm:time_to_first_token_seconds_count" + labels + "} 2.0")
                .contains("vllm:cache_config_info{block_size=\"16\",");
    }

    @Test
    void faultsOnRequestAreStatusesToo() {
        BenchClient client = post("/v1/completions", "{}", "x-sim-fault", "status=503,retry-after=7");
        assertThat(client.status()).isEqualTo(503);
        assertThat(client.headers().get("retry-after")).isEqualTo("7");
        assertThat(client.json().at("/error/code").asInt()).isEqualTo(503);
        assertThat(post("/v1/completions", "{}", "x-sim-fault", "nonsense").status())
                .isEqualTo(400);
    }

    @Test
    void plannedFaultsMeetTheNextRequestsOnly() {
        engine.assembly.switches().plan(Fault.parse("status=500"), 1);
        assertThat(engine.connect().get("/v1/models").status()).isEqualTo(200);
        assertThat(post("/v1/completions", "{\"prompt\":\"p\"}").status()).isEqualTo(500);
        assertThat(post("/v1/completions", "{\"prompt\":\"p\"}").status()).isEqualTo(200);
    }

    @Test
    void requestsOnOneConnectionAreAnsweredInOrder() {
        BenchClient client = engine.connect();
        client.post("/v1/completions", "{\"prompt\":\"p\",\"max_tokens\":1}").get("/version");
        engine.advance(2);
        assertThat(client.chunks()).hasSize(2);
        assertThat(client.chunks().get(1)).startsWith("{\"version\"");
    }

    @Test
    void theLatestRequestsAreKeptAsTheyCame() {
        post("/one", "{}");
        post("/two", "{ \"b\":1, \"a\":2 }", "X-Odd", "Yes");
        post("/three", "{}");
        List<ReceivedRequest> received = engine.assembly.switches().received();
        assertThat(received).extracting(ReceivedRequest::uri).containsExactly("/two", "/three");
        assertThat(received.get(0).body()).isEqualTo("{ \"b\":1, \"a\":2 }");
        assertThat(received.get(0).headers()).anyMatch(header -> header.getKey().equals("X-Odd"));
    }
}
