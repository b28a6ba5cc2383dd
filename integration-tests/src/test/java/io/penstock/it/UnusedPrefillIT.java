package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.chat;
import static io.penstock.it.PrefillDecodeStand.chatAnswer;
import static io.penstock.it.PrefillDecodeStand.posts;
import static io.penstock.it.PrefillDecodeStand.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvEvent;
import io.penstock.router.simulate.KvSide.Connector;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was prefilled for a request that ended before a decode engine was told of it. */
final class UnusedPrefillIT {

    private static final String CHAT = "/v1/chat/completions";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final PrefillDecodeStand stand = new PrefillDecodeStand(Connector.NIXL, EngineProtocol.HTTP1);
    private final FullBacklog hanging = new FullBacklog();

    UnusedPrefillIT() throws IOException {}

    @BeforeEach
    void open() {
        stand.decodingAt(hanging);
    }

    @AfterEach
    void close() throws IOException {
        stand.close();
        hanging.close();
    }

    /** The hanging decode engine is the first one that is asked, and the first connect takes so long. */
    private RouterUnderTest start(String connect) {
        String yaml = stand.yaml("").replace("decode: {", "decode: { policy: round-robin,");
        return router.start(yaml + "    timeouts: { connect: " + connect + " }\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesBeforeDecodeWasAskedHasTheBlocksFreed(boolean stream) throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = start("1m");
        RawClient client = router.client(under).post(CHAT, chat(30, ",\"n\":2,\"stream\":" + stream));
        await().until(() -> stand.network().stranded() == 1);
        client.abort();
        await().until(() -> stand.network().stranded() == 0);
        await().until(() -> under.metric("penstock_kv_releases_total", "end=\"freed\"") == 1);
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        assertThat(stand.decode().counters().tokensGenerated()).isEqualTo(1);
        assertThat(posts(stand.decode()).get(0).body())
                .startsWith("{\"stream\":false,\"max_tokens\":1,\"kv_transfer_params\":{\"do_remote_prefill\":true,");
        under.awaitNothingInFlight();
    }

    @Test
    void whatNoDecodeEngineCanBeToldOfIsLeftToItsLease() throws IOException {
        stand.engines(1, 0);
        RouterUnderTest under = start("200ms");
        OpenAiErrors.assertFailure(
                router.client(under).post(CHAT, chat(5, "")).readResponse(), FailureKind.CONNECT_TIMEOUT);
        await().until(() -> under.metric("penstock_kv_releases_total", "end=\"left\"") == 1);
        assertThat(stand.network().stranded()).isEqualTo(1);
        under.awaitNothingInFlight();
    }

    @Test
    void whatIsPrefilledAgainIsFreedTheFirstTime() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = router.start(
                stand.yaml("timeouts: { lease: 6s }").replace("decode: {", "decode: { policy: round-robin,")
                        + "    timeouts: { connect: 3100ms }\n");
        assertThat(said(router.client(under).post(CHAT, chat(5, "")).readResponse()))
                .isEqualTo(chatAnswer(5));
        assertThat(posts(stand.prefill())).hasSize(2);
        await().until(() -> under.metric("penstock_kv_releases_total", "end=\"freed\"") == 1);
        assertThat(stand.network().stranded()).isZero();
        assertThat(stand.decode().counters().kv(KvEvent.FETCHED)).isEqualTo(2);
        under.awaitNothingInFlight();
    }

    @Test
    void theAgeOfAHandoverIsThatOfThePrefill() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = start("300ms");
        assertThat(router.client(under).post(CHAT, chat(5, "")).readResponse().status())
                .isEqualTo(200);
        assertThat(posts(stand.prefill())).hasSize(1);
        assertThat(under.metric("penstock_handover_age_seconds_sum", "")).isGreaterThan(0.29);
        under.awaitNothingInFlight();
    }

    @Test
    void aClientThatLeavesWhilePrefillRunsLeavesNothingToBeFreed() throws IOException {
        stand.engines(1, 1);
        RouterUnderTest under = start("1m");
        stand.prefill().pause();
        RawClient client = router.client(under).post(CHAT, chat(5, ""));
        await().until(() -> stand.prefill().counters().waiting() == 1);
        client.abort();
        await().until(() -> stand.prefill().counters().aborted() == 1);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_kv_releases_total", "")).isZero();
        assertThat(posts(stand.decode())).isEmpty();
    }
}
