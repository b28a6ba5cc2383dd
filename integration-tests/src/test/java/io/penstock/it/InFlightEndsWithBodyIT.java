package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For token streams nearly all load is in the body: a request counts until its last byte, and not a moment longer. */
final class InFlightEndsWithBodyIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void aStreamCountsUntilItsEnd(EngineKind kind) throws IOException {
        Gate finish = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under).post("/v1/completions", BODY);
        WireHead head = client.readHead();
        client.readChunk();
        assertThat(under.inFlight()).isEqualTo(1);
        assertThat(under.metric("penstock_requests_in_flight", "")).isEqualTo(1);
        finish.open();
        client.readBody(head);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_requests_total", "status=\"200\"")).isEqualTo(1);
    }

    @Test
    void leastRequestsSeesRunningStreams() throws IOException {
        Gate finish = new Gate();
        ScriptedEngine busy = router.engine().next(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).end();
        });
        ScriptedEngine idle = router.engine();
        RouterUnderTest under =
                router.start(new RouterSetup().engines(busy, idle).pool("policy", "{ type: least-requests }"));
        RawClient streaming = router.client(under);
        while (busy.journal().requests().isEmpty()) {
            streaming.post("/v1/completions", BODY);
            if (streaming.readHead().says("content-type", "event-stream")) {
                break;
            }
            streaming.readChunk();
            streaming.readChunk();
        }
        int before = idle.journal().requests().size();
        for (int i = 0; i < 10; i++) {
            assertThat(router.client(under)
                            .post("/v1/completions", BODY)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(idle.journal().requests()).hasSize(before + 10);
        finish.open();
    }

    @Test
    void anAbortedStreamIsCountedOffAndCountedAsAborted() throws IOException {
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").awaitPeerLeft();
        });
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under).post("/v1/completions", BODY);
        client.readHead();
        client.abort();
        under.awaitNothingInFlight();
        await().until(() ->
                under.metric("penstock_requests_total", "failure=\"" + FailureKind.CLIENT_GONE.label() + "\"") == 1);
        assertThat(under.metric("penstock_client_aborts_total", "")).isEqualTo(1);
    }
}
