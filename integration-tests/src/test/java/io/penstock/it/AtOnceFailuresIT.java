package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a request whose prefill or decode fails, where both are asked at once. */
@ParameterizedClass
@MethodSource("io.penstock.it.KindOfRequest#some")
final class AtOnceFailuresIT {

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final KindOfRequest kind;
    private PrefillDecodeStand stand;

    AtOnceFailuresIT(KindOfRequest kind) {
        this.kind = kind;
        this.stand = new PrefillDecodeStand(Connector.SGLANG, kind.protocol());
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private RouterUnderTest start(Connector connector, int prefills, int decodes, String how) {
        stand = new PrefillDecodeStand(connector, kind.protocol()).engines(prefills, decodes);
        return router.start(stand.yaml(how));
    }

    private RawResponse ask(RouterUnderTest under) throws IOException {
        return router.client(under).post(kind.path(), kind.body(5)).readResponse();
    }

    @Test
    void decodeIsStoppedAtOnceWherePrefillFailsAndBothAreAskedAnew() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 2, 1, "onPrefillFailure: strict");
        stand.prefills().forEach(prefill -> prefill.failNext(1, "status=500"));
        assertThat(ask(under).status()).isEqualTo(502);
        assertThat(said(ask(under))).isEqualTo(kind.answer(5));
        assertThat(under.metric("penstock_sibling_cancels_total", "side=\"decode\""))
                .isEqualTo(2);
        assertThat(under.metric("penstock_prefill_fallbacks_total", "to=\"prefill_again\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void strictTellsTheClient(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "onPrefillFailure: strict");
        stand.prefill().failNext(1, "status=500");
        OpenAiErrors.assertFailure(ask(under), FailureKind.PREFILL_FAILED);
        assertThat(under.state(stand.decode().url().substring("http://".length())))
                .isNotEqualTo("ejected");
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void nobodyWaitsForAPrefillThatTakesTooLong(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "onPrefillFailure: strict, timeouts: { prefill: 100ms }");
        stand.prefill().pause();
        OpenAiErrors.assertFailure(ask(under), FailureKind.PREFILL_FAILED);
        await().until(() -> stand.network().stranded() == 0);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"timeout\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void decodeLocalAsksTheSameEngineAgainWithoutParameters() throws IOException {
        RouterUnderTest under = start(Connector.PUSH, 1, 1, "onPrefillFailure: decode-local");
        stand.prefill().failNext(1, "status=500");
        assertThat(said(ask(under))).isEqualTo(kind.answer(5));
        // on connections of their own, the two may be read in either order
        assertThat(posts(stand.decode())).map(post -> post.body()).containsOnlyOnce(kind.body(5));
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void prefillIsStoppedAtOnceWhereDecodeFails(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "");
        stand.prefill().pause();
        stand.decode().failNext(9, "reset-before-head");
        assertThat(ask(under).status()).isEqualTo(502);
        assertThat(under.metric("penstock_sibling_cancels_total", "side=\"prefill\""))
                .isPositive();
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void aClientThatLeavesStopsBoth(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "");
        stand.prefill().pause();
        var client = router.client(under).post(kind.path(), kind.body(5));
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
        RawResponse answer = router.client(under)
                .post(kind.path(), "{\"model\":\"m\",\"" + (kind.chats() ? "messages" : "prompt") + "\":{}}")
                .readResponse();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("\"error\"");
        under.awaitNothingInFlight();
    }

    @Test
    void anEngineThatWaitsAloneTimesOut() throws IOException {
        stand = new PrefillDecodeStand(Connector.SGLANG, kind.protocol())
                .patience(Duration.ofMillis(50))
                .engines(1, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefill().failNext(2, "delay=30s");
        RawResponse answer = ask(under);
        assertThat(answer.status()).isEqualTo(kind.stream() ? 200 : 500);
        assertThat(answer.text()).contains("\"error\"");
        assertThat(stand.decode().counters().kv(KvEvent.TIMED_OUT)).isPositive();
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void anotherPoolAnswers(Connector connector) throws IOException {
        stand = new PrefillDecodeStand(connector, kind.protocol()).engines(1, 1);
        SimulatedEngine whole = stand.whole();
        RouterUnderTest under = router.start(stand.yaml(
                "onPrefillFailure: aggregated, aggregatedPool: both",
                "  - { name: both, models: [m], " + kind.poolProtocol() + ", engines: [\"" + whole.url()
                        + "\"], health: { interval: 1h } }"));
        stand.prefill().failNext(1, "status=500");
        assertThat(said(ask(under))).isEqualTo(kind.answer(5));
        assertThat(posts(whole).get(0).body()).isEqualTo(kind.body(5));
        under.awaitNothingInFlight();
        await().until(() -> stand.network().stranded() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Connector.class,
            names = {"SGLANG", "PUSH"})
    void decodeThatFailsBeforeItsFirstByteIsTriedOnceMoreWithANewPrefill(Connector connector) throws IOException {
        RouterUnderTest under = start(connector, 1, 1, "");
        stand.decode().failNext(1, "status=500");
        assertThat(said(ask(under))).isEqualTo(kind.answer(5));
        // the first is cancelled with its decode, perhaps before it was sent; the answer above needs the second
        assertThat(posts(stand.prefill())).hasSizeBetween(1, 2);
        assertThat(posts(stand.decode())).hasSize(2);
        under.awaitNothingInFlight();
        if (connector == Connector.SGLANG) {
            // where engines push, a prefill that was faster than the failure waits for nobody until its engine gives up
            await().until(() -> stand.network().stranded() == 0);
        }
    }

    @Test
    void decodeThatDiesInTheMiddleEndsTheStreamWithAnError() throws IOException {
        RouterUnderTest under = start(Connector.SGLANG, 1, 1, "");
        stand.decode().failNext(1, "reset-after=2");
        RawClient client =
                router.client(under).post(kind.path(), kind.streamed().body(5));
        String answer = new String(client.readToEnd(), StandardCharsets.UTF_8);
        assertThat(answer).contains(FailureKind.ENGINE_RESET.label()).doesNotContain("[DONE]");
        assertThat(posts(stand.prefill())).hasSize(1);
        under.awaitNothingInFlight();
    }

    @Test
    void aPrefillThatDiesAfterDecodeHasBegunHarmsNobody() throws IOException {
        Gate begun = new Gate();
        Gate gone = new Gate();
        ScriptedEngine prefill = kind.engine().start(router).answering(turn -> {
            turn.request();
            turn.await(begun);
            turn.reset();
        });
        ScriptedEngine decode = kind.engine().start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: text/event-stream").data("data: {\"a\":1}\n\n");
            turn.await(gone);
            turn.data("data: [DONE]\n\n").end();
        });
        stand.prefillingAs(prefill).decodingAs(decode);
        RouterUnderTest under = router.start(stand.yaml(""));
        RawClient client =
                router.client(under).post(kind.path(), kind.streamed().body(5));
        client.readHead();
        assertThat(client.readChunk()).isNotEmpty();
        begun.open();
        await().until(() -> under.metric("penstock_prefill_failures_total", "reason=\"reset\"") == 1);
        gone.open();
        assertThat(client.readChunk()).asString(StandardCharsets.UTF_8).isEqualTo("data: [DONE]\n\n");
        under.awaitNothingInFlight();
    }
}
