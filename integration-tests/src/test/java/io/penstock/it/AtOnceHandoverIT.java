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
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SGLang's bootstrap rooms, and vLLM's connectors that push: prefill and decode are asked at once. */
final class AtOnceHandoverIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private PrefillDecodeStand stand = new PrefillDecodeStand(Connector.SGLANG, EngineProtocol.HTTP1);

    @AfterEach
    void close() {
        stand.close();
    }

    private RouterUnderTest start(Connector connector, int prefills, int decodes, String how) {
        stand = new PrefillDecodeStand(connector, EngineProtocol.HTTP1).engines(prefills, decodes);
        return router.start(stand.yaml(how));
    }

    private RawResponse ask(RouterUnderTest under, String path, String body) throws IOException {
        return router.client(under).post(path, body).readResponse();
    }

    @ParameterizedTest
    @CsvSource({
        "SGLANG, HTTP1, true, true",
        "SGLANG, HTTP1, true, false",
        "SGLANG, HTTP1, false, true",
        "SGLANG, HTTP1, false, false",
        "SGLANG, H2C, true, true",
        "SGLANG, H2C, true, false",
        "SGLANG, H2C, false, true",
        "SGLANG, H2C, false, false",
        "PUSH, HTTP1, true, true",
        "PUSH, HTTP1, true, false",
        "PUSH, HTTP1, false, true",
        "PUSH, HTTP1, false, false",
        "PUSH, H2C, true, true",
        "PUSH, H2C, true, false",
        "PUSH, H2C, false, true",
        "PUSH, H2C, false, false"
    })
    void bothAreAskedAndDecodeAnswers(Connector connector, EngineProtocol protocol, boolean chats, boolean stream)
            throws IOException {
        stand = new PrefillDecodeStand(connector, protocol).engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        String more = ",\"stream\":" + stream;
        RawResponse answer = chats ? ask(under, CHAT, chat(30, more)) : ask(under, COMPLETIONS, completion(30, more));
        assertThat(said(answer)).isEqualTo(chats ? chatAnswer(30) : completionAnswer(30));
        assertThat(stand.prefill().counters().tokensGenerated()).isEqualTo(1);
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isZero();
        under.awaitNothingInFlight();
        assertThat(stand.network().stranded()).isZero();
        assertThat(under.metric("penstock_prefill_seconds_count", "")).isEqualTo(1);
    }

    @Test
    void theRoomIsTheSameOnBothSidesAndNoneOfTheClientsIsLeft() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 1, 1, "");
        String forged = ",\"bootstrap_room\":5,\"bootstrap_host\":\"evil\",\"bootstrap_port\":1";
        boolean large = false;
        for (int i = 0; i < 3; i++) {
            assertThat(said(ask(under, CHAT, chat(5, forged)))).isEqualTo(chatAnswer(5));
            String sent = posts(stand.decode()).get(i).body();
            assertThat(sent)
                    .isEqualTo(posts(stand.prefill()).get(i).body())
                    .matches("\\{\"bootstrap_host\":\"127.0.0.1\",\"bootstrap_port\":8998,\"bootstrap_room\":\\d+,"
                            + "\"model\".*\"max_tokens\":5}");
            large |= OpenAiErrors.parse(sent).path("bootstrap_room").longValue() > 1L << 53;
        }
        assertThat(large).as("beyond what a double holds").isTrue();
    }

    @Test
    void eachPromptOfABatchHasItsRoom() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 1, 1, "");
        String batch = completion(3, "").replace("\"tell me\"", "[\"a\\\"]\", \"b\", \"c\"]");
        RawResponse answer = ask(under, COMPLETIONS, batch);
        assertThat(OpenAiErrors.parse(answer.text()).path("choices")).hasSize(3);
        JsonNode sent = OpenAiErrors.parse(posts(stand.prefill()).get(0).body());
        assertThat(sent.path("bootstrap_room")).hasSize(3).doesNotHaveDuplicates();
        assertThat(sent.path("bootstrap_host")).hasSize(3);
        assertThat(sent.path("bootstrap_port")).hasSize(3);
    }

    @Test
    void decodeIsStoppedAtOnceWherePrefillFailsAndBothAreAskedAnew() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 2, 1, "onPrefillFailure: strict");
        stand.prefills().forEach(prefill -> prefill.failNext(1, "status=500"));
        assertThat(ask(under, CHAT, chat(5, "")).status()).isEqualTo(502);
        assertThat(said(ask(under, CHAT, chat(5, "")))).isEqualTo(chatAnswer(5));
        assertThat(under.metric("penstock_sibling_cancels_total", "side=\"decode\""))
                .isEqualTo(2);
        assertThat(under.metric("penstock_prefill_fallbacks_total", "to=\"prefill_again\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"SGLANG", "PUSH"})
    void strictTellsTheClient(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "onPrefillFailure: strict");
        stand.prefill().failNext(1, "status=500");
        OpenAiErrors.assertFailure(ask(under, CHAT, chat(5, ",\"stream\":true")), FailureKind.PREFILL_FAILED);
        assertThat(under.state(stand.decode().url().substring("http://".length())))
                .isNotEqualTo("ejected");
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"SGLANG", "PUSH"})
    void nobodyWaitsForAPrefillThatTakesTooLong(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "onPrefillFailure: strict, timeouts: { prefill: 100ms }");
        stand.prefill().pause();
        OpenAiErrors.assertFailure(ask(under, CHAT, chat(5, "")), FailureKind.PREFILL_FAILED);
        await().until(() -> stand.network().stranded() == 0);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"timeout\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void decodeIsToldTheIdOfThePrefillEngine() throws IOException {
        RouterUnderTest under = start(Connector.PUSH, 1, 1, "");
        for (int i = 0; i < 3; i++) {
            assertThat(said(ask(under, CHAT, chat(5, "")))).isEqualTo(chatAnswer(5));
        }
        JsonNode params =
                OpenAiErrors.parse(posts(stand.decode()).get(2).body()).path("kv_transfer_params");
        assertThat(params.path("remote_engine_id").asText()).isNotEmpty();
        assertThat(params.path("remote_bootstrap_addr").asText())
                .isEqualTo(stand.prefill().url());
        assertThat(params.path("transfer_id").asText())
                .isNotEmpty()
                .isEqualTo(OpenAiErrors.parse(posts(stand.prefill()).get(2).body())
                        .at("/kv_transfer_params/transfer_id")
                        .asText());
        assertThat(stand.prefill().received().stream()
                        .filter(request -> request.uri().equals("/query")))
                .as("asked once in a while")
                .hasSize(1);
    }

    @Test
    void decodeLocalAsksTheSameEngineAgainWithoutParameters() throws IOException {
        RouterUnderTest under = start(Connector.PUSH, 1, 1, "onPrefillFailure: decode-local");
        stand.prefill().failNext(1, "status=500");
        assertThat(said(ask(under, CHAT, chat(5, "")))).isEqualTo(chatAnswer(5));
        assertThat(posts(stand.decode()).get(1).body()).isEqualTo(chat(5, ""));
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @EnumSource(names = {"SGLANG", "PUSH"})
    void prefillIsStoppedAtOnceWhereDecodeFails(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "");
        stand.prefill().pause();
        stand.decode().failNext(9, "reset-before-head");
        assertThat(ask(under, CHAT, chat(5, "")).status()).isEqualTo(502);
        assertThat(under.metric("penstock_sibling_cancels_total", "side=\"prefill\""))
                .isPositive();
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"SGLANG", "PUSH"})
    void aClientThatLeavesStopsBoth(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "");
        stand.prefill().pause();
        var client = router.client(under).post(CHAT, chat(5, ",\"stream\":true"));
        await().until(() ->
                posts(stand.decode()).size() == 1 && posts(stand.prefill()).size() == 1);
        client.close();
        await().until(() -> stand.network().stranded() == 0);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_sibling_cancels_total", "side=\"prefill\""))
                .isEqualTo(1);
    }

    @Test
    void aRequestThatNoEngineTakesIsToldToItsClient() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 1, 1, "");
        RawResponse answer = ask(under, CHAT, "{\"model\":\"m\",\"messages\":7}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("\"error\"");
        under.awaitNothingInFlight();
    }

    @Test
    void anEngineThatWaitsAloneTimesOut() throws IOException {
        stand = new PrefillDecodeStand(Connector.SGLANG, EngineProtocol.HTTP1)
                .patience(Duration.ofMillis(50))
                .engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefill().failNext(2, "delay=30s");
        RawResponse answer = ask(under, CHAT, chat(5, ""));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(stand.decode().counters().kv(KvEvent.TIMED_OUT)).isPositive();
        under.awaitNothingInFlight();
    }
}
