package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.SimulatedText;
import io.penstock.router.simulate.TimeModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that speak HTTP/2 by prior knowledge, on the port of all others. */
final class Http2ClientIT {

    private static final int SEED = 23;
    private static final int STREAMS = 100;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void aHundredStreamsOfOneConnectionArriveTokenForToken(EngineProtocol protocol) throws Exception {
        try (SimulatedEngine first = engine(protocol);
                SimulatedEngine second = engine(protocol)) {
            String spoken = protocol == EngineProtocol.HTTP1 ? "http1" : "h2c";
            RouterUnderTest under =
                    router.start(new RouterSetup().engine(first.url(), spoken).engine(second.url(), spoken));
            try (H2cClient client = new H2cClient(under.port())) {
                List<H2cClient.Stream> streams = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    streams.add(client.post("/v1/chat/completions", chat("stream " + i, 20 + i)));
                }
                for (int i = 0; i < STREAMS; i++) {
                    String text = streams.get(i).body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
                    assertThat(text).endsWith("data: [DONE]\n\n");
                    assertThat(EventText.said(text, 0))
                            .isEqualTo(SimulatedText.of(SEED, ChatPrompt.ofUser("stream " + i))
                                    .first(20 + i));
                }
                assertThat(under.metric("penstock_client_connections", "http2")).isEqualTo(1);
            }
            under.awaitNothingInFlight();
            under.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsResetStopsItsEngineAndNoOther(EngineKind kind) throws Exception {
        Gate finish = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            boolean endless = turn.request().text().contains("endless");
            turn.eventStream().event("1");
            if (endless) {
                turn.awaitPeerLeft();
            } else {
                turn.await(finish).event("2").end();
            }
        });
        RouterUnderTest under = router.start(engine);
        try (H2cClient client = new H2cClient(under.port())) {
            H2cClient.Stream left = client.post("/v1/completions", "{\"model\":\"m\",\"user\":\"endless\"}");
            H2cClient.Stream kept = client.post("/v1/completions", "{\"model\":\"m\"}");
            left.firstBytes.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            kept.firstBytes.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            left.cancel();
            engine.journal().awaitAborts(1);
            finish.open();
            assertThat(kept.body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("data: 1\n\ndata: 2\n\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRouterThatStopsCompletesTheStreams(EngineKind kind) throws Exception {
        Gate finish = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
        RouterUnderTest under = router.start(engine);
        try (H2cClient client = new H2cClient(under.port())) {
            H2cClient.Stream stream = client.post("/v1/completions", "{\"model\":\"m\"}");
            stream.firstBytes.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            CompletableFuture<Void> drained = CompletableFuture.runAsync(under::drain);
            finish.open();
            assertThat(stream.body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("data: 1\n\ndata: 2\n\n");
            assertThat(drained).succeedsWithin(Gate.LIMIT);
        }
    }

    @Test
    void aFloodIsCounted() throws IOException {
        RouterUnderTest under = router.start(router.engine());
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            flood.writeBytes(new H2Frame(H2Frame.SETTINGS, 0, 0, new byte[0]).bytes());
        }
        try (RawH2Client client = RawH2Client.connect(under.port())) {
            client.send(flood.toByteArray());
            assertThat(client.isClosedByRouter()).isTrue();
        }
        assertThat(under.metric("penstock_client_protocol_errors_total", "settings_flood"))
                .isEqualTo(1);
    }

    private static SimulatedEngine engine(EngineProtocol protocol) {
        return SimulatedEngine.start(SimulatedEngineOptions.builder()
                .seed(SEED)
                .models(SimulatedModel.base("m"))
                .protocols(EnumSet.of(protocol))
                .time(TimeModel.of(Duration.ofMillis(2), Duration.ofMillis(1)))
                .build());
    }

    private static String chat(String text, int tokens) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}],\"stream\":true,\"ignore_eos\":true,\"max_tokens\":" + tokens + "}";
    }
}
