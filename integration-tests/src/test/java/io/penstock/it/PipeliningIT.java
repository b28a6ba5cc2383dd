package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a client may send its requests over one connection. */
final class PipeliningIT {

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void answersComeInTheOrderOfTheRequests() throws IOException {
        Gate first = new Gate();
        FakeEngine engine = router.engine().answering(turn -> {
            String text = turn.request().text();
            if (text.contains("\"n\":0")) {
                turn.await(first);
            }
            turn.respond(200, "content-type: application/json").data(text).end();
        });
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 20; i++) {
            client.post("/v1/completions", body(i));
        }
        engine.journal().awaitRequests(1);
        first.open();
        for (int i = 0; i < 20; i++) {
            assertThat(client.readResponse().text()).isEqualTo(body(i));
        }
    }

    @Test
    void tenThousandRequestsInOneWriteAreAnsweredInOrder() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            String text = turn.request().text();
            turn.respond(200, "content-length: " + text.length()).data(text);
        });
        RawClient client = router.client(router.start(engine));
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            requests.append("POST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: ")
                    .append(body(i).length())
                    .append("\r\n\r\n")
                    .append(body(i));
        }
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                client.send(requests.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 10_000; i++) {
            assertThat(client.readResponse().text()).isEqualTo(body(i));
        }
        assertThat(sent).succeedsWithin(Gate.LIMIT);
    }

    @Test
    void garbageBehindARequestIsRefusedInItsPlace() throws IOException {
        Gate first = new Gate();
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.await(first).respond(200, "content-length: 2").data("ok");
        });
        RawClient client = router.client(router.start(engine));
        client.post("/v1/completions", body(1)).send("\u0000\u0001 garbage\r\n\r\n");
        engine.journal().awaitRequests(1);
        first.open();
        assertThat(client.readResponse().text()).isEqualTo("ok");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BAD_FRAMING);
        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void refusalsKeepTheirPlaceInTheOrder() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        client.post("/v1/completions", body(1))
                .send("GET /no/such/path HTTP/1.1\r\nhost: r\r\n\r\n")
                .post("/v1/completions", body(2));
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(client.readResponse().status()).isEqualTo(404);
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        for (int i = 0; i < 10; i++) {
            assertThat(client.post("/v1/completions", body(i)).readResponse().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aClientThatAsksToCloseIsClosed() throws IOException {
        RawClient client = router.client(router.start(router.engine()));
        RawResponse response =
                client.post("/v1/completions", body(1), "connection: close").readResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().value("connection")).isEqualTo("close");
        assertThat(client.isClosedByRouter()).isTrue();
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("idleTimeout", "3s"));
        RawClient client = router.client(under);
        assertThat(client.post("/v1/completions", body(1)).readResponse().status())
                .isEqualTo(200);
        assertThat(client.isClosedByRouter()).isTrue();
    }

    @Test
    void anHttp10ClientGetsAnAnswerItUnderstands() throws IOException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").event("2").end();
        });
        RawClient client = router.client(router.start(engine));
        String body = body(1);
        client.send("POST /v1/completions HTTP/1.0\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().value("transfer-encoding")).isNull();
        assertThat(response.text()).isEqualTo("data: 1\n\ndata: 2\n\n");
    }

    private static String body(int n) {
        return "{\"model\":\"m\",\"n\":" + n + "}";
    }
}
