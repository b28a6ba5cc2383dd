package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.SimulatedText;
import io.penstock.router.simulate.TimeModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same streams, token for token, over every protocol to the engines and every number of event loops. */
final class ProtocolMatrixIT {

    private static final int SEED = 11;
    private static final int STREAMS = 60;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    static Stream<Arguments> matrix() {
        return Stream.of(EngineProtocol.values())
                .flatMap(protocol -> Stream.of(1, 4).map(loops -> Arguments.of(protocol, loops)));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void concurrentStreamsArriveTokenForToken(EngineProtocol protocol, int loops) throws IOException {
        try (SimulatedEngine first = engine(protocol);
                SimulatedEngine second = engine(protocol)) {
            String spoken = protocol == EngineProtocol.HTTP1 ? "http1" : "h2c";
            RouterUnderTest under = router.start(new RouterSetup()
                    .engine(first.url(), spoken)
                    .engine(second.url(), spoken)
                    .loops(loops));
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                clients.add(router.client(under));
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < STREAMS; i++) {
                    clients.get(i).post("/v1/chat/completions", chat("stream " + i, 20 + i));
                }
                for (int i = 0; i < STREAMS; i++) {
                    RawResponse response = clients.get(i).readResponse();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.text()).endsWith("data: [DONE]\n\n");
                    assertThat(EventText.said(response.text(), 0))
                            .isEqualTo(SimulatedText.of(SEED, ChatPrompt.ofUser("stream " + i))
                                    .first(20 + i));
                }
            }
            under.awaitNothingInFlight();
            under.close();
        }
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
