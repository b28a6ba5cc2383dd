package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.chat;
import static io.penstock.it.PrefillDecodeStand.chatAnswer;
import static io.penstock.it.PrefillDecodeStand.completion;
import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.SimulatedEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which requests cannot be handed over, which prefill engines cannot take them, and what neither engine is blamed for. */
final class HandoverLimitsIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private PrefillDecodeStand stand = new PrefillDecodeStand(Connector.NIXL, EngineProtocol.HTTP1);

    @AfterEach
    void close() {
        stand.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"NIXL", "PUSH"})
    void severalPromptsAreNotHandedOverAsOne(Connector connector) throws IOException {
        stand = new PrefillDecodeStand(connector, EngineProtocol.HTTP1).engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict"));
        String batch = completion(3, "").replace("\"tell me\"", "[\"a\", \"b\"]");
        RawResponse answer = router.client(under).post(COMPLETIONS, batch).readResponse();
        assertThat(OpenAiErrors.parse(answer.text()).path("choices")).hasSize(2);
        assertThat(posts(stand.prefill())).isEmpty();
        assertThat(posts(stand.decode()).get(0).body()).isEqualTo(batch);
        assertThat(under.metric("penstock_handover_decisions_total", "prefill=\"decode\",reason=\"batch\""))
                .isEqualTo(1);
        String single = completion(3, "").replace("\"tell me\"", "[\"a\"]");
        router.client(under).post(COMPLETIONS, single).readResponse();
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void anAdapterIsPrefilledWhereItIsLoaded() throws IOException {
        FakeEngine without = router.engine();
        without.serving(List.of("m"));
        stand.prefillingAs(without).engines(1, 1);
        RouterUnderTest under =
                router.start(stand.yaml("onPrefillFailure: strict").replace("models: [m]", "models: [m, lora]"));
        await().until(() -> under.fleet().values().stream()
                .allMatch(engine -> !engine.path("models").isEmpty()));
        String body = chat(5, "").replace("\"model\":\"m\"", "\"model\":\"lora\"");
        for (int i = 0; i < 6; i++) {
            RawResponse answer =
                    router.client(under).post(CHAT, body, "x-session-id: s" + i).readResponse();
            assertThat(said(answer)).isEqualTo(chatAnswer(5));
        }
        assertThat(without.journal().requests()).isEmpty();
        assertThat(under.metric("penstock_prefill_failures_total", "")).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void decodeIsNotBlamedForAPrefillThatTakesTooLong(Connector connector) throws IOException {
        stand = new PrefillDecodeStand(connector, EngineProtocol.HTTP1).engines(1, 2);
        RouterUnderTest under = router.start(stand.yaml("onPrefillFailure: strict")
                        .replace("decode: { engines", "decode: { policy: round-robin, engines")
                        .replace("health: { interval: 1h }", "health: { interval: 1h, ejectAfter: 1 }")
                + "    timeouts: { firstToken: 200ms }\n");
        stand.prefill().pause();
        for (int i = 0; i < 2; i++) {
            OpenAiErrors.assertFailure(
                    router.client(under).post(CHAT, chat(5, "")).readResponse(), FailureKind.FIRST_TOKEN_TIMEOUT);
        }
        for (SimulatedEngine decode : stand.decodes()) {
            assertThat(under.state(decode.url().substring("http://".length()))).isNotEqualTo("ejected");
        }
        await().until(() -> stand.network().stranded() == 0);
        under.awaitNothingInFlight();
    }

    @Test
    void aClientThatLeavesWhileItWaitsForAPrefillEngineFreesItsDecodeEngine() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yamlWithRoomForOne("onPrefillFailure: strict"));
        stand.prefill().pause();
        RawClient first = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        RawClient second = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> under.metric("penstock_waiting_requests", "chat/prefill") == 1);
        assertThat(under.inFlight()).isEqualTo(3);
        second.abort();
        await().until(() -> under.metric("penstock_waiting_requests", "chat/prefill") == 0);
        await().until(() -> under.inFlight() == 2);
        stand.prefill().resume();
        assertThat(said(first.readResponse())).isEqualTo(chatAnswer(5));
        assertThat(posts(stand.prefill())).hasSize(1);
        under.awaitNothingInFlight();
    }

    @Test
    void waitingForAPrefillEngineIsNotTheRoutersDelay() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yamlWithRoomForOne("onPrefillFailure: strict"));
        stand.prefill().pause();
        RawClient first = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        RawClient second = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> under.metric("penstock_waiting_requests", "chat/prefill") == 1);
        assertThat(new Gate().isOpenWithin(Duration.ofSeconds(4))).isFalse();
        stand.prefill().resume();
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(second.readResponse().status()).isEqualTo(200);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_router_added_seconds_sum", "")).isLessThan(4);
    }

    @Test
    void aPrefillThatItsEngineMayHaveDiedOfIsNotSentToItAgain() throws IOException {
        String done = "{\"choices\":[],\"kv_transfer_params\":{\"do_remote_prefill\":true}}";
        FakeEngine prefill = router.engine();
        prefill.next(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/json").data(done).end();
        });
        prefill.next(turn -> {
            turn.request();
            assertThat(new Gate().isOpenWithin(Duration.ofMillis(1200))).isFalse();
            turn.reset();
        });
        stand.prefillingAs(prefill).engines(0, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        for (int i = 0; i < 2; i++) {
            assertThat(said(router.client(under).post(CHAT, chat(5, "")).readResponse()))
                    .isEqualTo(chatAnswer(5));
        }
        assertThat(prefill.journal().requests()).hasSize(2);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"reset\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void thePrefillEnginesOfAnAilingPoolAreNotAskedMoreThanTheBudgetAllows() throws IOException {
        stand.engines(2, 1);
        RouterUnderTest under =
                router.start(stand.yaml("onPrefillFailure: strict") + "    retries: { attempts: 3, budget: 0 }\n");
        stand.prefills().forEach(prefill -> prefill.failNext(1, "status=503"));
        OpenAiErrors.assertFailure(
                router.client(under).post(CHAT, chat(5, "")).readResponse(), FailureKind.PREFILL_FAILED);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"status\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void aRefusalOfThePrefillEngineTellsTheLimitsToo() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml("").replace("to: [{ pool: chat }]", """
                        to: [{ pool: chat }]
                            access: { requestsPerMinute: 5 }
                        """));
        RawResponse answer = router.client(under)
                .post(CHAT, "{\"model\":\"m\",\"messages\":{}}")
                .readResponse();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.head().value("x-ratelimit-remaining-requests")).isEqualTo("4");
        assertThat(posts(stand.decode())).isEmpty();
    }
}
