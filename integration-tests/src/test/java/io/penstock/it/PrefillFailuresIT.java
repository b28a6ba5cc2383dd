package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.SimulatedEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request whose prefill or decode fails, with vLLM's NIXL connector. */
@ParameterizedClass
@MethodSource("io.penstock.it.KindOfRequest#some")
final class PrefillFailuresIT {

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final KindOfRequest kind;
    private final PrefillDecodeStand stand;

    PrefillFailuresIT(KindOfRequest kind) {
        this.kind = kind;
        this.stand = new PrefillDecodeStand(Connector.NIXL, kind.protocol());
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private RawResponse ask(RouterUnderTest under) throws IOException {
        return send(under).readResponse();
    }

    private RawClient send(RouterUnderTest under, String... headers) throws IOException {
        return router.client(under).post(kind.path(), kind.body(5), headers);
    }

    private String answer() {
        return kind.answer(5);
    }

    @Test
    void strictTellsTheClient() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict"));
        stand.prefill().failNext(1, "status=500");
        RawResponse answer = ask(under);
        OpenAiErrors.assertFailure(answer, FailureKind.PREFILL_FAILED);
        assertThat(posts(stand.decode())).isEmpty();
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"status\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_prefill_fallbacks_total", "to=\"failed\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @CsvSource({"status=503, status", "reset-before-head, reset", "status=429, status"})
    void decodePrefillsItselfWherePrefillFailed(String fault, String reason) throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: decode-local"));
        stand.prefill().failNext(2, fault);
        assertThat(said(ask(under))).isEqualTo(answer());
        assertThat(posts(stand.decode()).get(0).body()).isEqualTo(kind.body(5));
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"" + reason + "\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_prefill_fallbacks_total", "to=\"decode_local\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void decodePrefillsItselfWhereNoPrefillEngineIsThere() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefill().kill();
        for (int i = 0; i < 5; i++) {
            assertThat(said(ask(under))).isEqualTo(answer());
        }
        assertThat(under.metric("penstock_prefill_failures_total", "")).isEqualTo(5);
        assertThat(under.adminGet("/readyz").status()).isEqualTo(200);
        under.awaitNothingInFlight();
    }

    @Test
    void anotherPoolAnswers() throws IOException {
        stand.engines(1, 1);
        SimulatedEngine whole = stand.whole();
        RouterUnderTest under = router.start(stand.yaml(
                "onPrefillFailure: aggregated, aggregatedPool: both",
                "  - { name: both, models: [m], " + kind.poolProtocol() + ", engines: [\"" + whole.url()
                        + "\"], health: { interval: 1h } }"));
        stand.prefill().failNext(1, "status=500");
        assertThat(said(ask(under))).isEqualTo(answer());
        assertThat(posts(stand.decode())).isEmpty();
        assertThat(posts(whole).get(0).body()).isEqualTo(kind.body(5));
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_requests_total", "pool=\"both\"")).isEqualTo(1);
    }

    @Test
    void aPrefillThatTakesTooLongIsStopped() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("timeouts: { prefill: 500ms }"));
        stand.prefill().pause();
        assertThat(said(ask(under))).isEqualTo(answer());
        await().until(() -> stand.prefill().counters().aborted() == 1);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"timeout\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"x\"}} | error_in_200",
                "{\"object\":\"error\",\"message\":\"x\"} | error_in_200",
                "{\"choices\":[],\"kv_transfer_params\":null} | no_parameters",
                "{\"choices\":[]} | no_parameters",
                "{\"choices\":[],\"kv_transfer_params\":{ }} | no_parameters",
                "no JSON | unreadable"
            })
    void anAnswerThatHandsNothingOverIsAFailure(String answer, String reason) throws IOException {
        stand.engines(0, 1)
                .prefillingAs(kind.engine()
                        .start(router)
                        .answering(turn -> turn.respond(200, "content-type: application/json")
                                .data(answer)
                                .end()));
        RouterUnderTest under = router.start(stand.yaml(""));
        assertThat(said(ask(under))).isEqualTo(answer());
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"" + reason + "\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void whatTheFirstEngineAnswersIsHandedOnToTheLetter() throws IOException {
        String params = "{\"do_remote_prefill\":true, \"x\":[1.50,{\"}\":\"\\u00e9\"}],\"n\":9007199254740993}";
        stand.engines(0, 1)
                .prefillingAs(kind.engine()
                        .start(router)
                        .answering(turn -> turn.respond(200, "content-type: application/json")
                                .data("{\"id\":\"a\",\"kv_transfer_params\":" + params + ",\"usage\":{}}")
                                .end()));
        RouterUnderTest under = router.start(stand.yaml(""));
        ask(under);
        assertThat(posts(stand.decode()).get(0).body()).startsWith("{\"kv_transfer_params\":" + params + ",\"model\"");
        assertThat(stand.decode().counters().kv(KvEvent.INCOMPLETE)).isEqualTo(1);
    }

    @Test
    void anotherPrefillEngineIsAsked() throws IOException {
        stand.engines(2, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict"));
        stand.prefills().get(1).failNext(1, "status=503");
        // so many that it cannot be chance that none of them is at home on the second
        int sessions = 40;
        for (int i = 0; i < sessions; i++) {
            RawResponse answer = send(under, "x-session-id: s" + i).readResponse();
            assertThat(said(answer)).isEqualTo(answer());
        }
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(sessions);
        assertThat(under.metric("penstock_prefill_fallbacks_total", "to=\"prefill_again\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void aRequestThatNoEngineTakesIsToldToItsClient() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict"));
        RawResponse answer = router.client(under)
                .post(kind.path(), "{\"model\":\"m\",\"" + (kind.chats() ? "messages" : "prompt") + "\":{}}")
                .readResponse();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(OpenAiErrors.parse(answer.text()).path("error").path("code").asInt())
                .isEqualTo(400);
        assertThat(posts(stand.decode())).isEmpty();
        assertThat(under.metric("penstock_prefill_failures_total", "")).isZero();
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=503", "status=500", "cut-after=0"})
    void decodeThatFailsBeforeItsFirstByteIsTriedOnceMoreWithANewPrefill(String fault) throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decode().failNext(1, fault);
        assertThat(said(ask(under))).isEqualTo(answer());
        assertThat(posts(stand.prefill())).hasSize(2);
        assertThat(posts(stand.decode())).hasSizeGreaterThanOrEqualTo(2);
        under.awaitNothingInFlight();
    }

    @Test
    void anErrorAsTheFirstEventIsTriedOnceMoreToo() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decode().failNext(1, "error-event-first");
        RawResponse answer =
                router.client(under).post(kind.path(), kind.streamed().body(5)).readResponse();
        assertThat(said(answer)).isEqualTo(answer());
        assertThat(posts(stand.prefill())).hasSize(2);
        under.awaitNothingInFlight();
    }

    @Test
    void decodeThatFailsAgainIsTheClients() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decode().failNext(9, "reset-before-head");
        OpenAiErrors.assertFailure(ask(under), FailureKind.ENGINE_RESET);
        assertThat(posts(stand.prefill())).hasSize(2);
        under.awaitNothingInFlight();
    }

    @Test
    void whatNoDecodeEngineWasSentIsHandedToAnother() throws IOException {
        stand.engines(1, 2);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decodes().get(0).kill();
        int asked = 4;
        for (int i = 0; i < asked; i++) {
            assertThat(said(ask(under))).isEqualTo(answer());
        }
        assertThat(posts(stand.prefill())).hasSize(asked);
        assertThat(stand.decodes().get(1).counters().kv(KvEvent.FETCHED)).isEqualTo(asked);
        assertThat(stand.network().stranded()).isZero();
        under.awaitNothingInFlight();
    }

    @Test
    void aLeaseThatIsOverIsSeenByDecodeAndTriedOnce() throws IOException {
        stand.lease(Duration.ZERO).engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        RawResponse answer = ask(under);
        assertThat(answer.status()).isEqualTo(kind.stream() ? 200 : 500);
        assertThat(answer.text()).contains("expired");
        assertThat(stand.decode().counters().kv(KvEvent.EXPIRED)).isEqualTo(2);
        under.awaitNothingInFlight();
    }

    @Test
    void decodeThatDiesInTheMiddleEndsTheStreamWithAnError() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decode().failNext(1, "reset-after=2");
        var client = router.client(under).post(kind.path(), kind.streamed().body(5));
        String answer = new String(client.readToEnd(), StandardCharsets.UTF_8);
        assertThat(answer).contains(FailureKind.ENGINE_RESET.label()).doesNotContain("[DONE]");
        assertThat(posts(stand.prefill())).hasSize(1);
        under.awaitNothingInFlight();
    }

    @Test
    void aClientThatLeavesStopsDecode() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.decode().pause();
        var client = send(under);
        await().until(() -> stand.decode().counters().waiting() == 1);
        client.close();
        await().until(() -> stand.decode().counters().aborted() == 1);
        under.awaitNothingInFlight();
    }

    @Test
    void theNewPolicyHoldsAfterAReload() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict"));
        stand.prefill().failNext(1, "status=500");
        assertThat(ask(under).status()).isEqualTo(502);
        under.reload(stand.yaml("onPrefillFailure: decode-local"));
        stand.prefill().failNext(1, "status=500");
        assertThat(said(ask(under))).isEqualTo(answer());
        under.awaitNothingInFlight();
    }
}
