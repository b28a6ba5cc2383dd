package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.chat;
import static io.penstock.it.PrefillDecodeStand.chatAnswer;
import static io.penstock.it.PrefillDecodeStand.completion;
import static io.penstock.it.PrefillDecodeStand.completionAnswer;
import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
