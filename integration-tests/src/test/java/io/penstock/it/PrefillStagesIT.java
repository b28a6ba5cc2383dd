package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.Turn;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A prefill that goes wrong, or is not wanted any more, at each of its stages: in the answer's head, in its body, and before. */
@ParameterizedClass
@MethodSource("io.penstock.it.KindOfRequest#some")
final class PrefillStagesIT {

    private static final String JSON = "content-type: application/json";
    private static final String COMMENT = ": waiting\n\n";
    private static final String HALF = "{\"choices\":[],\"kv_transfer";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final KindOfRequest kind;
    private final PrefillDecodeStand stand;

    PrefillStagesIT(KindOfRequest kind) {
        this.kind = kind;
        this.stand = new PrefillDecodeStand(Connector.NIXL, kind.protocol());
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private ScriptedEngine prefillingAs(Script<Turn> script) {
        ScriptedEngine engine = kind.engine().start(router).answering(script);
        stand.engines(0, 1).prefillingAs(engine);
        return engine;
    }

    private RawClient send(RouterUnderTest under, String... headers) throws IOException {
        return router.client(under).post(kind.path(), kind.body(5), headers);
    }

    private void decodePrefills(RouterUnderTest under, String reason) throws IOException {
        assertThat(said(send(under).readResponse())).isEqualTo(kind.answer(5));
        assertThat(stand.decode().counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
        assertThat(under.metric("penstock_prefill_failures_total", "reason=\"" + reason + "\""))
                .isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void anAnswerThatBreaksOffIsAReset() throws IOException {
        prefillingAs(turn -> {
            turn.request();
            turn.respond(200, JSON).data(HALF).reset();
        });
        decodePrefills(router.start(stand.yaml("")), "reset");
    }

    @Test
    void anAnswerThatNeverEndsIsStopped() throws IOException {
        ScriptedEngine prefill = prefillingAs(turn -> {
            turn.request();
            turn.respond(200, JSON).data(HALF).awaitPeerLeft();
        });
        decodePrefills(router.start(stand.yaml("timeouts: { prefill: 200ms }")), "timeout");
        prefill.journal().awaitAborts(1);
    }

    @Test
    void aLongAnswerIsReadAndDropped() throws IOException {
        prefillingAs(turn -> {
            turn.request();
            turn.respond(200, JSON).data("{\"a\":\"");
            byte[] piece = "x".repeat(64 << 10).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 65; i++) {
                turn.data(piece);
            }
            turn.data("\"}").end();
        });
        decodePrefills(router.start(stand.yaml("")), "unreadable");
    }

    @Test
    void theAnswerIsAskedForAsItCanBeRead() throws IOException {
        ScriptedEngine prefill = prefillingAs(turn -> {
            turn.request();
            turn.respond(500).end();
        });
        RouterUnderTest under = router.start(stand.yaml(""));
        send(under, "accept-encoding: gzip, deflate").readResponse();
        assertThat(prefill.journal().onlyRequest().head().values("accept-encoding"))
                .containsExactly("identity");
        assertThat(posts(stand.decode()).get(0).headers())
                .anySatisfy(header -> assertThat(header.getValue()).isEqualTo("gzip, deflate"));
    }

    @Test
    void aClientThatLeavesInTheMiddleOfTheAnswerStopsIt() throws IOException {
        Gate answering = new Gate();
        ScriptedEngine prefill = prefillingAs(turn -> {
            turn.request();
            turn.respond(200, JSON).data(HALF);
            answering.open();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = router.start(stand.yaml(""));
        RawClient client = send(under);
        answering.await();
        client.abort();
        prefill.journal().awaitAborts(1);
        under.awaitNothingInFlight();
        assertThat(posts(stand.decode())).isEmpty();
        assertThat(under.metric("penstock_prefill_failures_total", "")).isZero();
    }

    @Test
    void theTimeOfTheRequestRunsWhileItIsPrefilled() throws IOException {
        ScriptedEngine prefill = prefillingAs(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = router.start(stand.yaml("") + "    timeouts: { total: 200ms }\n");
        OpenAiErrors.assertFailure(send(under).readResponse(), FailureKind.TOTAL_TIMEOUT);
        prefill.journal().awaitAborts(1);
        assertThat(posts(stand.decode())).isEmpty();
        under.awaitNothingInFlight();
    }

    @Test
    void theEndOfTheRouterEndsAPrefill() throws IOException {
        ScriptedEngine prefill = prefillingAs(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under =
                router.start(stand.yaml("").replace("settleTime: 0s", "settleTime: 0s, drainTimeout: 200ms"));
        RawClient client = send(under);
        prefill.journal().awaitRequests(1);
        under.drain();
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.DRAINING);
        prefill.journal().awaitAborts(1);
        assertThat(posts(stand.decode())).isEmpty();
    }

    @Test
    void aPrefillOutlivesTheReloadThatRemovesItsEngine() throws IOException {
        stand.engines(2, 1);
        RouterUnderTest under = router.start(stand.yaml(""));
        stand.prefills().forEach(prefill -> prefill.pause());
        RawClient client = send(under);
        await().until(() ->
                stand.prefills().stream().anyMatch(prefill -> prefill.counters().waiting() == 1));
        int asked = stand.prefill().counters().waiting() == 1 ? 0 : 1;
        under.reload(stand.yaml("").replace(stand.prefills().get(asked).url(), "http://127.0.0.1:9"));
        stand.prefills().forEach(prefill -> prefill.resume());
        assertThat(said(client.readResponse())).isEqualTo(kind.answer(5));
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void aRefusalAfterCommentsIsAnEvent() throws IOException {
        Gate heard = new Gate();
        prefillingAs(turn -> {
            turn.request();
            turn.await(heard);
            turn.respond(400, JSON).data("{\"error\":{\"message\":\"no\"}}").end();
        });
        RouterUnderTest under = router.start(stand.yaml("") + "    timeouts: { heartbeat: 50ms }\n");
        RawClient client = send(under);
        if (kind.stream()) {
            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.readChunk()).asString(StandardCharsets.UTF_8).isEqualTo(COMMENT);
            heard.open();
            assertThat(nextEvent(client)).isEqualTo("data: {\"error\":{\"message\":\"no\"}}\n\n");
        } else {
            heard.open();
            RawResponse answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).isEqualTo("{\"error\":{\"message\":\"no\"}}");
        }
        assertThat(posts(stand.decode())).isEmpty();
        under.awaitNothingInFlight();
    }

    private static String nextEvent(RawClient client) throws IOException {
        String chunk = COMMENT;
        while (chunk.equals(COMMENT)) {
            chunk = new String(client.readChunk(), StandardCharsets.UTF_8);
        }
        return chunk;
    }
}
