package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.ReceivedRequest;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedText;
import java.io.IOException;
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

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private PrefillDecodeStand stand = new PrefillDecodeStand(Connector.NIXL, EngineProtocol.HTTP1);

    @AfterEach
    void close() {
        stand.close();
    }

    private static String chat(String more) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"tell me\"}],\"ignore_eos\":true" + more
                + "}";
    }

    private static String completion(String more) {
        return "{\"model\":\"m\",\"prompt\":\"tell me\",\"ignore_eos\":true" + more + "}";
    }

    private RawResponse ask(RouterUnderTest under, String path, String body, String... headers) throws IOException {
        return router.client(under).post(path, body, headers).readResponse();
    }

    private static String said(String path, boolean stream, RawResponse answer) {
        if (stream) {
            return EventText.said(answer.text(), 0);
        }
        JsonNode choice = OpenAiErrors.parse(answer.text()).path("choices").path(0);
        return path.equals(CHAT)
                ? choice.path("message").path("content").asText()
                : choice.path("text").asText();
    }

    private static JsonNode body(SimulatedEngine engine, String path) {
        List<ReceivedRequest> requests = engine.received().stream()
                .filter(request -> request.uri().equals(path))
                .toList();
        return OpenAiErrors.parse(requests.get(requests.size() - 1).body());
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
        String path = chats ? CHAT : COMPLETIONS;
        String more = ",\"max_tokens\":30,\"stream\":" + stream;
        RawResponse answer = ask(under, path, chats ? chat(more) : completion(more));
        String prompt = chats ? ChatPrompt.ofUser("tell me") : "tell me";
        assertThat(said(path, stream, answer))
                .isEqualTo(SimulatedText.of(PrefillDecodeStand.SEED, prompt).first(30));
        assertThat(stand.prefill().counters().tokensGenerated()).isEqualTo(1);
        assertThat(stand.decode().counters().tokensGenerated()).isEqualTo(30);
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        assertThat(stand.network().stranded()).isZero();
        assertThat(under.metric("penstock_prefill_seconds_count", "")).isEqualTo(1);
        assertThat(under.metric("penstock_handover_age_seconds_count", "")).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void theBodyIsSplicedAndNothingElseIsChanged() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String more = ",\"max_completion_tokens\":7,\"max_tokens\":9,\"min_tokens\":3,\"n\":2,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"x\": 1.50 ,\"kv_transfer_params\":{\"remote_host\":\"evil\"},"
                + "\"bootstrap_host\":\"evil\"";
        assertThat(ask(under, CHAT, chat(more)).status()).isEqualTo(200);
        String start = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"tell me\"}],\"ignore_eos\":true";
        assertThat(stand.prefill().received().get(0).body())
                .isEqualTo("{\"stream\":false,\"max_tokens\":1,\"max_completion_tokens\":1,\"kv_transfer_params\":"
                        + "{\"do_remote_decode\":true,\"do_remote_prefill\":false,\"remote_engine_id\":null,"
                        + "\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}," + start
                        + ",\"x\": 1.50 }");
        String toDecode = stand.decode().received().get(0).body();
        assertThat(toDecode).startsWith("{\"kv_transfer_params\":{\"do_remote_prefill\":true,");
        assertThat(toDecode)
                .endsWith("\"transfer_mode\":\"pull\"}," + start
                        + ",\"max_completion_tokens\":7,\"max_tokens\":9,\"min_tokens\":3,\"n\":2,\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true},\"x\": 1.50 }");
        assertThat(stand.prefill().counters().tokensGenerated()).isEqualTo(1);
    }

    @Test
    void bothEnginesKnowTheRequestByTheSameIdAndSeeTheSameHeaders() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        ask(under, CHAT, chat(",\"max_tokens\":2"), "x_session_id: s1", "x-request-id: mine");
        String id = header(stand.prefill(), "x-request-id");
        assertThat(id).startsWith("mine-");
        assertThat(header(stand.decode(), "x-request-id")).isEqualTo(id);
        assertThat(header(stand.prefill(), "x_session_id")).isEqualTo("s1");
    }

    private static String header(SimulatedEngine engine, String name) {
        return engine.received().get(0).headers().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void aModelThatIsLeftOutIsNamedToBothEngines() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String body = chat(",\"max_tokens\":2").replace("\"model\":\"m\",", "");
        assertThat(ask(under, CHAT, body).status()).isEqualTo(200);
        assertThat(body(stand.prefill(), CHAT).path("model").asText()).isEqualTo("m");
        assertThat(body(stand.decode(), CHAT).path("model").asText()).isEqualTo("m");
    }

    @Test
    void everyOtherPathGoesStraightToDecode() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String body = "{\"model\":\"m\",\"input\":\"x\",\"kv_transfer_params\":{\"remote_host\":\"evil\"}}";
        assertThat(ask(under, "/v1/embeddings", body).status()).isEqualTo(200);
        assertThat(stand.decode().received().get(0).body()).isEqualTo("{\"model\":\"m\",\"input\":\"x\"}");
        assertThat(stand.prefill().counters().received()).isZero();
    }

    @Test
    void sessionsHaveTheirHomesOnBothSides() throws IOException {
        stand.engines(3, 3);
        RouterUnderTest under = router.start(stand.yaml(""));
        for (int turn = 0; turn < 4; turn++) {
            for (int session = 0; session < 6; session++) {
                ask(under, CHAT, chat(",\"max_tokens\":2"), "X_Session-ID: s" + session);
            }
        }
        assertThat(homes(stand.prefills())).hasSize(6);
        assertThat(homes(stand.decodes())).hasSize(6);
    }

    /** Which engine saw which session; a session that two have seen stands there twice. */
    private static List<String> homes(List<SimulatedEngine> engines) {
        return engines.stream()
                .flatMap(engine -> engine.received().stream()
                        .filter(request -> request.uri().equals(CHAT))
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
        var client = router.client(under).post(CHAT, chat(",\"max_tokens\":5"));
        await().until(() -> stand.prefill().counters().running()
                        + stand.prefill().counters().waiting()
                == 1);
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
        var client = router.client(under).post(CHAT, chat(",\"max_tokens\":5"));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        client.close();
        await().until(() -> stand.prefill().counters().aborted() == 1);
        assertThat(stand.decode().counters().received()).isZero();
        assertThat(stand.network().stranded()).isZero();
        under.awaitNothingInFlight();
    }
}
