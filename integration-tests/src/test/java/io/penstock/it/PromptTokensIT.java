package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.Router;
import io.penstock.router.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What routes do with the tokens of prompts. */
final class PromptTokensIT {

    private static final String PROMPT = "{\"model\":\"m\",\"prompt\":\"1 2 3\"";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private static String yaml(String tokens, FakeEngine... engines) {
        return new RouterSetup()
                        .engines(engines)
                        .pool("tokenizer", "llama")
                        .route("tokens", tokens)
                        .yaml()
                + SampleTokenizer.yaml("");
    }

    @Test
    void whatDoesNotFitIntoTheModelIsRefusedAsVllmWould() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(yaml("{ maxModelLen: 10 }", engine)));
        int tokens = tokens("1 2 3");

        assertThat(status(client, "/v1/completions", PROMPT + "}")).isEqualTo(200);
        assertThat(status(client, "/v1/completions", PROMPT + ",\"max_tokens\":" + (10 - tokens) + "}"))
                .isEqualTo(200);
        String message = refusal(client, PROMPT + ",\"max_tokens\":" + (11 - tokens) + "}");
        assertThat(message)
                .isEqualTo("This model's maximum context length is 10 tokens. However, you requested " + tokens
                        + " tokens in the prompt and " + (11 - tokens)
                        + " in the completion. Please reduce the length of the prompt or of the completion.");
        assertThat(refusal(client, PROMPT + ",\"max_tokens\":1,\"max_completion_tokens\":100}"))
                .contains(" 100 in");
        assertThat(refusal(client, "{\"model\":\"m\",\"prompt\":[1,2,3,4,5,6,7,8,9,10]}"))
                .contains("prompt has 10 tokens");
        assertThat(status(client, "/v1/completions", "{\"model\":\"m\",\"prompt\":[[1,2,3],[1,2,3,4,5,6,7,8,9]]}"))
                .isEqualTo(200);
        assertThat(refusal(client, "{\"model\":\"m\",\"prompt\":[[1],[1,2,3,4,5,6,7,8,9,10,11]]}"))
                .contains("at least 11");
        assertThat(refusal(client, "{\"model\":\"m\",\"prompt\":[\"a\",\"" + "long ".repeat(50) + "\"]}"))
                .contains("at least ");
        assertThat(status(
                        client,
                        "/v1/completions",
                        "{\"model\":\"m\",\"truncate_prompt_tokens\":5,\"prompt\":\"" + "long ".repeat(50) + "\"}"))
                .isEqualTo(200);
        assertThat(status(client, "/v1/embeddings", "{\"model\":\"m\",\"input\":[1,2,3,4,5,6,7,8,9,10]}"))
                .as("nothing is generated")
                .isEqualTo(200);
    }

    /** As the router counts, from its log of a request. */
    private int tokens(String text) throws IOException {
        RouterUnderTest other = router.start(yaml("{ endpoints: true }", router.engine()));
        JsonNode answer = OpenAiErrors.parse(router.client(other)
                .post("/tokenize", "{\"model\":\"m\",\"prompt\":\"" + text + "\"}")
                .readResponse()
                .text());
        return answer.path("count").asInt();
    }

    private static int status(RawClient client, String path, String body) throws IOException {
        return client.post(path, body).readResponse().status();
    }

    private static String refusal(RawClient client, String body) throws IOException {
        RawResponse answer = client.post("/v1/completions", body).readResponse();
        assertThat(OpenAiErrors.parse(answer.text()).path("error").path("param").asText())
                .isEqualTo("prompt");
        return OpenAiErrors.assertFailure(answer, FailureKind.CONTEXT_LENGTH_EXCEEDED);
    }

    @Test
    void chatsWithoutATemplateAreEstimatedAndNeverRefused() throws IOException {
        RouterUnderTest under = router.start(yaml("{ maxModelLen: 10 }", router.engine()));
        RawClient client = router.client(under);
        String chat = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "long ".repeat(50) + "\"}]}";

        assertThat(status(client, "/v1/chat/completions", chat)).isEqualTo(200);
        assertThat(under.metric("penstock_tokenizer_requests_total", "outcome=\"estimated\""))
                .isOne();
        assertThat(under.metric("penstock_tokenizer_tokens_total", "llama")).isGreaterThan(50);
    }

    @Test
    void chatsAreCountedByTheTemplateBesideTheTokenizer(@TempDir Path model) throws IOException {
        Files.copy(SampleTokenizer.file(), model.resolve("tokenizer.json"));
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
                        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"bos_token\":\"<|begin_of_text|>\"}");
        String yaml = yaml("{ maxModelLen: 60, endpoints: true }", router.engine())
                .replace(SampleTokenizer.file().toString(), model.toString());
        RawClient client = router.client(router.start(yaml));
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"1 2 3\"}]";

        JsonNode found = OpenAiErrors.parse(client.post("/tokenize", "{\"model\":\"m\"," + messages + "}")
                .readResponse()
                .text());
        String text = OpenAiErrors.parse(
                        client.post("/detokenize", "{\"model\":\"m\",\"tokens\":" + found.path("tokens") + "}")
                                .readResponse()
                                .text())
                .path("prompt")
                .asText();
        assertThat(text).isEqualTo("<|begin_of_text|><|im_start|>user\n1 2 3<|im_end|>\n<|im_start|>assistant\n");
        int left = 60 - found.path("count").asInt();
        assertThat(status(
                        client,
                        "/v1/chat/completions",
                        "{\"model\":\"m\"," + messages + ",\"max_tokens\":" + left + "}"))
                .isEqualTo(200);
        RawResponse refused = client.post(
                        "/v1/chat/completions", "{\"model\":\"m\"," + messages + ",\"max_tokens\":" + (left + 1) + "}")
                .readResponse();
        OpenAiErrors.assertFailure(refused, FailureKind.CONTEXT_LENGTH_EXCEEDED);
        assertThat(OpenAiErrors.parse(refused.text())
                        .path("error")
                        .path("param")
                        .asText())
                .isEqualTo("messages");
    }

    @Test
    void theRouterTokenizesAndDetokenizes() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(yaml("{ endpoints: true, maxModelLen: 4096 }", engine)));
        JsonNode found = OpenAiErrors.parse(
                client.post("/tokenize", "{\"model\":\"m\",\"prompt\":\"Hello, 世界 😀\",\"return_token_strs\":true}")
                        .readResponse()
                        .text());
        assertThat(found.path("count").asInt())
                .isEqualTo(found.path("tokens").size())
                .isGreaterThan(3);
        assertThat(found.path("token_strs")).hasSameSizeAs(found.path("tokens"));
        assertThat(found.path("token_strs").path(0).asText()).isEqualTo("<|begin_of_text|>");
        assertThat(found.path("max_model_len").asInt()).isEqualTo(4096);

        String back = client.post("/detokenize", "{\"model\":\"m\",\"tokens\":" + found.path("tokens") + "}")
                .readResponse()
                .text();
        assertThat(OpenAiErrors.parse(back).path("prompt").asText()).isEqualTo("<|begin_of_text|>Hello, 世界 😀");
        OpenAiErrors.assertFailure(
                client.post("/tokenize", "{\"model\":\"m\"}").readResponse(), FailureKind.BAD_REQUEST);
        OpenAiErrors.assertFailure(
                client.post("/detokenize", "{\"model\":\"m\",\"tokens\":\"x\"}").readResponse(),
                FailureKind.BAD_REQUEST);
        assertThat(engine.journal().requests()).isEmpty();

        String chat = "{\"model\":\"m\",\"messages\":[]}";
        assertThat(status(client, "/tokenize", chat)).isEqualTo(200);
        assertThat(engine.journal().requests())
                .as("only the engine has the template")
                .hasSize(1);
    }

    @Test
    void countsAreLoggedAndMeasured() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        String yaml = yaml("{ count: true }", router.engine()).replaceFirst("server:\n", "server:\n  accessLog: on\n");
        RouterUnderTest under = router.start(yaml, lines);
        RawClient client = router.client(under);
        assertThat(status(client, "/v1/completions", PROMPT + "}")).isEqualTo(200);
        await().until(() -> lines.toString(StandardCharsets.UTF_8).endsWith("\n"));
        int logged = OpenAiErrors.parse(lines.toString(StandardCharsets.UTF_8))
                .path("promptTokens")
                .asInt();
        assertThat(logged).isBetween(4, 7);
        assertThat(under.metric("penstock_prompt_tokens_total", "route=\"main\""))
                .isEqualTo(logged);
        assertThat(under.metric("penstock_tokenizer_requests_total", "outcome=\"counted\""))
                .isOne();
    }

    @Test
    void theEngineWithTheLeastTokensToWorkOffIsPicked() throws IOException {
        Gate answer = new Gate();
        FakeEngine[] engines = {held(answer), held(answer)};
        String yaml = yaml("{ }", engines).replace("{ type: round-robin }", "{ type: least-tokens, requestTokens: 1 }");
        RouterUnderTest under = router.start(yaml);
        router.client(under).post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"" + "long ".repeat(2000) + "\"}");
        await().until(() -> under.metric("penstock_engine_prompt_tokens", "") > 1000);
        for (int i = 0; i < 5; i++) {
            router.client(under).post("/v1/completions", PROMPT + "}");
        }
        await().until(() -> under.inFlight() == 6);
        assertThat(under.fleet().values())
                .extracting(engine -> engine.path("inFlight").asInt())
                .containsExactlyInAnyOrder(1, 5);
        answer.open();
        await().until(() -> under.metric("penstock_engine_prompt_tokens", "") == 0);
    }

    private FakeEngine held(Gate until) {
        return router.engine().answering(turn -> {
            turn.request();
            turn.await(until);
            turn.respond(200, "content-length: 2").data("{}").end();
        });
    }

    @Test
    void limitsOnTokensAreChargedWhatWasCounted() throws IOException {
        FakeEngine engine = router.engine();
        String yaml = yaml("{ rateLimits: true }", engine)
                .replaceFirst("tokens: ", "access: { tokensPerMinute: 1000 }\n    tokens: ");
        RawClient client = router.client(router.start(yaml));
        String ids = "[" + "7,".repeat(299) + "7]";
        for (int i = 0; i < 3; i++) {
            assertThat(status(client, "/v1/completions", "{\"model\":\"m\",\"prompt\":" + ids + "}"))
                    .isEqualTo(200);
        }
        RawResponse fourth = client.post("/v1/completions", "{\"model\":\"m\",\"prompt\":" + ids + "}")
                .readResponse();
        OpenAiErrors.assertFailure(fourth, FailureKind.RATE_LIMITED);
        assertThat(Integer.parseInt(fourth.head().value("x-ratelimit-remaining-tokens")))
                .as("it fills up again meanwhile")
                .isBetween(100, 299);
    }

    @Test
    void theCountThatWasChargedIsCorrectedByWhatTheAnswerTells() throws IOException {
        String told = "{\"usage\":{\"prompt_tokens\":300,\"completion_tokens\":350}}";
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/json", "content-length: " + told.length())
                    .data(told)
                    .end();
        });
        String yaml = yaml("{ rateLimits: true }", engine)
                .replaceFirst("tokens: ", "access: { tokensPerMinute: 1000 }\n    tokens: ");
        RawClient client = router.client(router.start(yaml));
        String body = "{\"model\":\"m\",\"prompt\":[" + "7,".repeat(299) + "7]}";

        assertThat(tokensLeft(client, body)).isEqualTo(700);
        assertThat(tokensLeft(client, body))
                .as("of 350 that were left, and it fills up again meanwhile")
                .isBetween(50, 399);
    }

    private static int tokensLeft(RawClient client, String body) throws IOException {
        RawResponse answer = client.post("/v1/completions", body).readResponse();
        return Integer.parseInt(answer.head().value("x-ratelimit-remaining-tokens"));
    }

    @Test
    void anEngineIsAskedWhereThereIsNoTokenizer() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            boolean tokenize = turn.request().head().target().equals("/tokenize");
            String answer = tokenize ? "{\"count\":12,\"max_model_len\":10,\"tokens\":[]}" : "{}";
            turn.respond(200, "content-length: " + answer.length()).data(answer).end();
        });
        RouterUnderTest under = router.start(new RouterSetup()
                        .engines(engine)
                        .pool("tokenizer", "ask")
                        .route("tokens", "{ maxModelLen: 20 }")
                        .yaml()
                + "tokenizers:\n  - { name: ask, type: engine }\n");
        RawClient client = router.client(under);
        String chat = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":";

        assertThat(status(client, "/v1/chat/completions", chat + "8}")).isEqualTo(200);
        OpenAiErrors.assertFailure(
                client.post("/v1/chat/completions", chat + "9}").readResponse(), FailureKind.CONTEXT_LENGTH_EXCEEDED);
        assertThat(engine.journal().requests()).hasSize(3);
        assertThat(under.metric("penstock_tokenizer_requests_total", "outcome=\"counted\""))
                .isEqualTo(2);
    }

    @Test
    void aTokenizerThatCannotBeHadStopsTheStart() {
        String yaml = yaml("{ count: true }", router.engine()).replace("llama-style.json", "nowhere.json");
        assertThatThrownBy(() -> Router.start(ConfigLoader.parse(yaml)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("tokenizers[0]: ")
                .hasMessageEndingWith("nowhere.json does not exist");
    }

    @Test
    void aTokenizerComesWithAReload() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).yaml());
        RawClient client = router.client(under);
        String huge = "{\"model\":\"m\",\"prompt\":\"" + "long ".repeat(50) + "\"}";
        assertThat(status(client, "/v1/completions", huge)).isEqualTo(200);
        under.reload(yaml("{ maxModelLen: 10 }", engine));
        assertThat(refusal(client, huge)).contains("at least");
        under.reload(new RouterSetup().engines(engine).yaml());
        assertThat(status(client, "/v1/completions", huge)).isEqualTo(200);
    }
}
