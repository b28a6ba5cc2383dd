package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.chat;
import static io.penstock.it.PrefillDecodeStand.chatAnswer;
import static io.penstock.it.PrefillDecodeStand.completion;
import static io.penstock.it.PrefillDecodeStand.completionAnswer;
import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.SimulatedEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** vLLM's NIXL connector: one engine prefills, and another one decodes what the first one answered. */
final class NixlHandoverIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";
    private static final String ASKED = "\"kv_transfer_params\":{\"do_remote_decode\":true,\"do_remote_prefill\":false,"
            + "\"remote_engine_id\":null,\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private PrefillDecodeStand stand = new PrefillDecodeStand(Connector.NIXL, EngineProtocol.HTTP1);

    @AfterEach
    void close() {
        stand.close();
    }

    private RawResponse ask(RouterUnderTest under, String path, String body, String... headers) throws IOException {
        return router.client(under).post(path, body, headers).readResponse();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP1, true, true", "HTTP1, true, false", "HTTP1, false, true", "HTTP1, false, false",
        "H2C, true, true", "H2C, true, false", "H2C, false, true", "H2C, false, false"
    })
    void prefillMakesOneTokenAndDecodeAllOfThem(EngineProtocol protocol, boolean chats, boolean stream)
            throws IOException {
        stand = new PrefillDecodeStand(Connector.NIXL, protocol).engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String more = ",\"stream\":" + stream;
        RawResponse answer = chats ? ask(under, CHAT, chat(30, more)) : ask(under, COMPLETIONS, completion(30, more));
        assertThat(said(answer)).isEqualTo(chats ? chatAnswer(30) : completionAnswer(30));
        assertThat(stand.prefill().counters().tokensGenerated()).isEqualTo(1);
        assertThat(stand.decode().counters().tokensGenerated()).isEqualTo(30);
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        assertThat(stand.network().stranded()).isZero();
        assertThat(under.metric("penstock_prefill_seconds_count", "")).isEqualTo(1);
        assertThat(under.metric("penstock_handover_age_seconds_count", "")).isEqualTo(1);
        assertThat(under.metric("penstock_decode_first_byte_seconds_count", "")).isEqualTo(1);
        assertThat(under.metric("penstock_handover_decisions_total", "prefill=\"prefill\",reason=\"always\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void theBodyIsSplicedAndNothingElseIsChanged() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String kept = "\"model\":\"m\", \"messages\":[{\"role\":\"user\",\"content\":\"h\"}] ,\"x\": 1.50";
        String lengths = ",\"max_completion_tokens\":7,\"max_tokens\":9,\"min_tokens\":3,\"n\":2,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true}";
        String hosts = ",\"kv_transfer_params\":{\"remote_host\":\"evil\"},\"bootstrap_host\":\"evil\"";
        assertThat(ask(under, CHAT, "{" + kept + hosts + lengths + "}").status())
                .isEqualTo(200);
        assertThat(posts(stand.prefill()).get(0).body())
                .isEqualTo(
                        "{\"stream\":false,\"max_tokens\":1,\"max_completion_tokens\":1," + ASKED + "," + kept + "}");
        assertThat(posts(stand.decode()).get(0).body())
                .startsWith("{\"kv_transfer_params\":{\"do_remote_prefill\":true,")
                .endsWith("\"transfer_mode\":\"pull\"}," + kept + lengths + "}");
        assertThat(stand.prefill().counters().tokensGenerated()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"'', {\"stream\":false", "'whenUncachedTokensAtLeast: 1000', ''"})
    void usageThatOnlyTheRouterAsksForIsAskedOfDecodeAndKeptFromTheClient(String when, String prefill)
            throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(when) + "    usage: always\n");
        RawResponse answer =
                ask(under, CHAT, chat(5, ",\"stream\":true,\"kv_transfer_params\":{\"remote_host\":\"evil\"}"));
        assertThat(said(answer)).isEqualTo(chatAnswer(5));
        assertThat(answer.text()).doesNotContain("usage");
        assertThat(posts(stand.decode()).get(0).body())
                .contains("\"stream_options\":{\"include_usage\":true},\"model\"")
                .doesNotContain("evil");
        assertThat(posts(stand.prefill()))
                .allSatisfy(sent -> assertThat(sent.body()).startsWith(prefill).doesNotContain("stream_options"))
                .hasSize(prefill.isEmpty() ? 0 : 1);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_tokens_total", "kind=\"completion\"")).isEqualTo(5);
    }

    @Test
    void bothEnginesKnowTheRequestByTheSameIdAndSeeTheSameHeaders() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        ask(under, CHAT, chat(2, ""), "x_session_id: s1", "x-request-id: mine");
        String id = header(stand.prefill(), "x-request-id");
        assertThat(id).startsWith("mine-");
        assertThat(header(stand.decode(), "x-request-id")).isEqualTo(id);
        assertThat(header(stand.prefill(), "x_session_id")).isEqualTo("s1");
    }

    private static String header(SimulatedEngine engine, String name) {
        return posts(engine).get(0).headers().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void aModelThatIsLeftOutIsNamedToBothEngines() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String body = chat(2, "").replace("\"model\":\"m\",", "");
        assertThat(ask(under, CHAT, body).status()).isEqualTo(200);
        assertThat(posts(stand.prefill()).get(0).body()).startsWith("{\"model\":\"m\",\"stream\":false,");
        assertThat(posts(stand.decode()).get(0).body()).startsWith("{\"model\":\"m\",\"kv_transfer_params\":{");
    }

    @Test
    void everyOtherPathGoesStraightToDecode() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String body = "{\"model\":\"m\",\"input\":\"x\",\"kv_transfer_params\":{\"remote_host\":\"evil\"}}";
        assertThat(ask(under, "/v1/embeddings", body).status()).isEqualTo(200);
        assertThat(posts(stand.decode()).get(0).body()).isEqualTo("{\"model\":\"m\",\"input\":\"x\"}");
        assertThat(posts(stand.prefill())).isEmpty();
    }

    @Test
    void sessionsHaveTheirHomesOnBothSides() throws IOException {
        stand.engines(3, 3);
        RouterUnderTest under = router.start(stand.yaml(""));
        for (int turn = 0; turn < 4; turn++) {
            for (int session = 0; session < 6; session++) {
                ask(under, CHAT, chat(2, ""), "X_Session-ID: s" + session);
            }
        }
        assertThat(homes(stand.prefills())).hasSize(6);
        assertThat(homes(stand.decodes())).hasSize(6);
    }

    /** Which engine saw which session; a session that two have seen stands there twice. */
    private static List<String> homes(List<SimulatedEngine> engines) {
        return engines.stream()
                .flatMap(engine -> posts(engine).stream()
                        .flatMap(request -> request.headers().stream())
                        .filter(header -> header.getKey().equalsIgnoreCase("x_session-id"))
                        .map(header -> engine.port() + " " + header.getValue()))
                .distinct()
                .toList();
    }

    @Test
    void loadIsCountedOnBothSidesAndThePrefillsIsReleasedAtItsAnswer() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefill().pause();
        stand.decode().pause();
        var client = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        assertThat(inFlight(under, stand.prefill())).isEqualTo(1);
        assertThat(inFlight(under, stand.decode())).isEqualTo(1);
        stand.prefill().resume();
        await().until(() -> stand.decode().counters().waiting() == 1);
        assertThat(inFlight(under, stand.prefill())).isZero();
        stand.decode().resume();
        assertThat(client.readResponse().status()).isEqualTo(200);
        under.awaitNothingInFlight();
    }

    private static int inFlight(RouterUnderTest under, SimulatedEngine engine) {
        JsonNode view = under.fleet().get(engine.url().substring("http://".length()));
        return Objects.requireNonNull(view).path("inFlight").asInt();
    }

    @Test
    void aClientThatLeavesStopsThePrefill() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefill().pause();
        var client = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        client.close();
        await().until(() -> stand.prefill().counters().aborted() == 1);
        assertThat(posts(stand.decode())).isEmpty();
        assertThat(stand.network().stranded()).isZero();
        under.awaitNothingInFlight();
    }

    @Test
    void shortPromptsGoToDecodeDirectly() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("whenUncachedTokensAtLeast: 100"));
        assertThat(said(ask(under, CHAT, chat(5, "")))).isEqualTo(chatAnswer(5));
        assertThat(posts(stand.prefill())).isEmpty();
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        String longer = completion(5, "").replace("tell me", "tell me ".repeat(100));
        assertThat(ask(under, COMPLETIONS, longer).status()).isEqualTo(200);
        assertThat(posts(stand.prefill())).hasSize(1);
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"short\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"long\""))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, long", "false, short"})
    void tokensAreCountedWhereThePoolHasATokenizer(boolean tokenizer, String reason) throws IOException {
        stand.engines(1, 1);
        String yaml = stand.yaml("whenUncachedTokensAtLeast: 200");
        RouterUnderTest under = router.start(
                tokenizer
                        ? yaml.replace("models: [m]", "models: [m]\n    tokenizer: llama") + SampleTokenizer.yaml("")
                        : yaml);
        // 300 bytes, which are 75 tokens for whoever takes four of them for one; and three tokens each
        String snowmen = completion(5, "").replace("tell me", "\u2603".repeat(100));
        assertThat(ask(under, COMPLETIONS, snowmen).status()).isEqualTo(200);
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"" + reason + "\""))
                .isEqualTo(1);
        assertThat(posts(stand.prefill())).hasSize(tokenizer ? 1 : 0);
        under.awaitNothingInFlight();
    }

    @Test
    void whatASessionHasInTheCacheOfItsDecodeEngineIsNotPrefilledElsewhere() throws IOException {
        stand.engines(1, 2);
        RouterUnderTest under = router.start(stand.yaml("whenUncachedTokensAtLeast: 100"));
        String history = completion(5, "").replace("tell me", "tell me ".repeat(100));
        ask(under, COMPLETIONS, history, "x-session-id: s");
        assertThat(posts(stand.prefill())).hasSize(1);
        ask(under, COMPLETIONS, history.replace("tell me\"", "tell me more\""), "x-session-id: s");
        assertThat(posts(stand.prefill())).hasSize(1);
        ask(under, COMPLETIONS, history, "x-session-id: t");
        assertThat(posts(stand.prefill())).hasSize(2);
    }

    @Test
    void whatIsFasterIsMeasured() throws IOException {
        stand.decodeTakes(Duration.ofMillis(1)).engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("when: auto"));
        String shorter = completion(2, ",\"stream\":true");
        String longer = shorter.replace("tell me", "tell me ".repeat(1500));
        for (int i = 0; i < 3; i++) {
            ask(under, COMPLETIONS, shorter);
            ask(under, COMPLETIONS, longer.replace("tell me \"", i + "\""));
        }
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"unmeasured_short\""))
                .isEqualTo(3);
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"unmeasured_long\""))
                .isEqualTo(3);
        ask(under, COMPLETIONS, longer);
        assertThat(under.metric("penstock_handover_decisions_total", "reason=\"faster\""))
                .isEqualTo(1);
    }

    @Test
    void aPromptWaitsForRoomOnThePrefillEngine() throws IOException {
        stand.engines(1, 2);
        RouterUnderTest under = router.start(stand.yamlWithRoomForOne("onPrefillFailure: strict"));
        stand.prefill().pause();
        var first = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        var second = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> under.metric("penstock_waiting_requests", "chat/prefill") == 1);
        OpenAiErrors.assertFailure(ask(under, CHAT, chat(5, "")), FailureKind.OVERLOADED);
        stand.prefill().resume();
        assertThat(said(first.readResponse())).isEqualTo(chatAnswer(5));
        assertThat(said(second.readResponse())).isEqualTo(chatAnswer(5));
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"no_room\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void adaptersAreListedAndGoTheSameWay() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("").replace("models: [m]", "models: []"));
        await().until(() ->
                router.client(under).get("/v1/models").readResponse().text().contains("\"lora\""));
        String body = chat(5, "").replace("\"model\":\"m\"", "\"model\":\"lora\"");
        assertThat(said(ask(under, CHAT, body))).isEqualTo(chatAnswer(5));
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
    }
}
