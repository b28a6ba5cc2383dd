package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request has a whole time, however steadily an engine answers. */
final class TotalTimeoutIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void anAnswerThatHasNotBegunBecomesAnError(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.awaitPeerLeft();
        });
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).route("timeouts", "{ total: 200ms }"));
        OpenAiErrors.assertFailure(
                router.client(under).post("/v1/completions", BODY).readResponse(), FailureKind.TOTAL_TIMEOUT);
        engine.journal().awaitAborts(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatNeverEndsIsEndedHonestly(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("{\"n\":1}").awaitPeerLeft();
        });
        RouterUnderTest under = router.start(new RouterSetup().engines(engine));
        RawClient client = router.client(under);
        client.send("POST /v1/completions HTTP/1.1\r\nhost: r\r\nx-penstock-timeout: 2s\r\ncontent-length: "
                + BODY.length() + "\r\n\r\n" + BODY);
        WireHead head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(text(client)).isEqualTo("data: {\"n\":1}\n\n");
        OpenAiErrors.assertError(text(client).substring("data: ".length()), FailureKind.TOTAL_TIMEOUT);
        assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
        engine.journal().awaitAborts(1);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_engine_state_changes_total", "state=\"ejected\""))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRequestWhoseTimeIsOverWithItsBodyReachesNoEngine(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RouterUnderTest under = router.start(new RouterSetup().engines(engine));
        RawClient client = router.client(under);
        client.send("POST /v1/completions HTTP/1.1\r\nhost: r\r\nx-penstock-timeout: 1ms\r\ncontent-length: "
                + BODY.length() + "\r\n\r\n" + BODY.substring(0, 5));
        await().until(() -> under.metric("penstock_requests_in_flight", "") == 1);
        assertThat(client.staysSilentFor(20)).isTrue();
        client.send(BODY.substring(5));
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.TOTAL_TIMEOUT);
        assertThat(engine.journal().heads()).isEmpty();
    }

    private static String text(RawClient client) throws IOException {
        return new String(client.readChunk(), StandardCharsets.UTF_8);
    }
}
