package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Answer;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawH2Client;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A router that ends while streams of one HTTP/2 connection run. */
final class Http2RouterEndsTest {

    private static final int INTERNAL_ERROR = 2;

    @Test
    void everyStreamIsToldInItsOwnStateAndNoTicketStaysOpen() throws Exception {
        Gate never = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = ProxyUnderTest.before(engine.port(), Protocol.HTTP1);
                RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            engine.next(turn -> {
                turn.request();
                turn.eventStream().event("1").await(never);
            });
            engine.next(turn -> {
                turn.request();
                turn.await(never);
            });
            client.request(1, "/v1/x", "{}");
            assertThat(client.nextOn(1).type()).isEqualTo(H2Frame.HEADERS);
            assertThat(client.nextOn(1).payload()).asString().isEqualTo("data: 1\n\n");
            client.request(3, "/v1/x", "{}");
            engine.journal().awaitRequests(2);
            client.post(5, false, "/v1/x").data(5, false, "half");
            client.frame(H2Frame.PING, 0, 0, new byte[8]);
            client.next(H2Frame.PING);

            CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy.server::close);
            List<H2Answer> answers = client.answers(1, 3, 5);
            assertThat(answers.get(0).text())
                    .startsWith("data: {\"error\"")
                    .contains("\"code\":\"draining\"")
                    .endsWith("\n\n");
            assertThat(answers.get(0).reset()).isEqualTo(INTERNAL_ERROR);
            for (H2Answer unanswered : answers.subList(1, 3)) {
                assertThat(unanswered.status()).isEqualTo(503);
                assertThat(unanswered.text()).contains("\"code\":\"draining\"");
            }
            assertThat(client.isClosedByRouter()).isTrue();
            assertThat(closed).succeedsWithin(Gate.LIMIT);
            engine.journal().awaitAborts(2);
            for (int i = 0; i < 3; i++) {
                assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.DRAINING);
            }
            assertThat(proxy.openTickets).hasValue(0);
            assertThat(proxy.attempts)
                    .allSatisfy(end -> assertThat(end.failure()).isEqualTo(FailureKind.DRAINING));
            ProxyUnderTest.await(proxy.clients, 0);
        }
    }
}
