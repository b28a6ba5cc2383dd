package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client may take of the router, as the configuration says, and that reaching a limit is told and counted. */
final class ClientLimitsIT {

    private static final int ENHANCE_YOUR_CALM = 11;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void oneConnectionTooMany() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("maxConnections", "1"));
        RawClient first = router.client(under);
        assertThat(first.get("/v1/models").readResponse().status()).isEqualTo(200);
        RawClient second = router.client(under).get("/v1/models");
        String message = OpenAiErrors.assertFailure(second.readResponse(), FailureKind.TOO_MANY_CONNECTIONS);
        assertThat(message).isEqualTo("the router has as many client connections as it may have");
        assertThat(second.isClosedByRouter()).isTrue();
        try (RawH2Client third = RawH2Client.connect(under.port())) {
            assertThat(third.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        assertThat(under.metric("penstock_client_limits_total", "\"connections\""))
                .isEqualTo(2);
        assertThat(under.metric("penstock_client_connections", "")).isEqualTo(1);
    }

    @Test
    void oneConnectionTooManyOfAnAddress() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("maxConnectionsPerAddress", "1"));
        RawClient first = router.client(under);
        assertThat(first.get("/v1/models").readResponse().status()).isEqualTo(200);
        OpenAiErrors.assertFailure(
                router.client(under).get("/v1/models").readResponse(), FailureKind.TOO_MANY_CONNECTIONS);
        assertThat(under.metric("penstock_client_limits_total", "connections_per_address"))
                .isEqualTo(1);
    }

    @Test
    void theLastRequestOfAConnection() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("maxRequestsPerConnection", "1"));
        RawClient client = router.client(under).get("/v1/models");
        assertThat(client.readResponse().head().says("connection", "close")).isTrue();
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(under.metric("penstock_client_limits_total", "requests_per_connection"))
                .isEqualTo(1);
    }

    @Test
    void anOldConnection() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("maxConnectionAge", "100ms"));
        assertThat(router.client(under).isClosedByRouter()).isTrue();
        assertThat(under.metric("penstock_client_limits_total", "connection_age"))
                .isEqualTo(1);
    }

    @Test
    void aHeadThatStaysIncomplete() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("headerTimeout", "100ms"));
        RawClient client = router.client(under).send("POST /v1/completions HTTP/1.1\r\nhost: r\r\n");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.REQUEST_TIMEOUT);
        assertThat(client.isClosedByRouter()).isTrue();
        assertThat(under.metric("penstock_client_limits_total", "header_timeout"))
                .isEqualTo(1);
    }

    @Test
    void aBodyThatStaysIncomplete() throws IOException {
        ScriptedEngine engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("bodyTimeout", "100ms"));
        RawClient client = router.client(under)
                .send("POST /v1/completions HTTP/1.1\r\nhost: r\r\ncontent-length: 13\r\n\r\n{\"model\"");
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.REQUEST_TIMEOUT);
        assertThat(under.metric("penstock_client_limits_total", "body_timeout")).isEqualTo(1);
        await().until(() -> under.metric("penstock_requests_total", "request_timeout") == 1);
        assertThat(engine.journal().heads()).noneMatch(head -> head.method().equals("POST"));
    }

    @Test
    void moreHeaderFieldsThanAllowed() throws IOException {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).server("maxHeaderFields", "16"));
        String[] fields =
                java.util.stream.Stream.generate(() -> "a: b").limit(20).toArray(String[]::new);
        OpenAiErrors.assertFailure(
                router.client(under).get("/v1/models", fields).readResponse(), FailureKind.HEADERS_TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDoesNotReadStopsItsEngineForGood(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            while (!turn.peerLeft()) {
                turn.data(new byte[64 << 10]);
            }
        });
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).server("writeTimeout", "200ms"));
        RawClient client = router.closing(RawClient.connect(under.port(), 32 << 10));
        client.post("/v1/completions", "{\"model\":\"m\"}").readHead();
        under.awaitNothingInFlight();
        await().until(() -> under.metric("penstock_client_connections", "") == 0);
        assertThat(under.metric("penstock_requests_total", FailureKind.CLIENT_STALLED.label()))
                .isEqualTo(1);
        assertThat(under.metric("penstock_client_limits_total", "write_timeout"))
                .isEqualTo(1);
        assertThat(under.fleet().values().stream()
                        .map(view -> view.path("state").asText()))
                .isEqualTo(List.of("ready"));
    }
}
