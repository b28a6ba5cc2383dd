package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.access.AccessControl;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.policy.Policies;
import io.penstock.router.prompt.LoadedTokenizer;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.prompt.TokenizerCounts;
import io.penstock.router.route.BodyScans;
import io.penstock.router.route.FleetRouter;
import io.penstock.router.route.RouterMeans;
import io.penstock.router.route.WaitObserver;
import io.penstock.router.tokenize.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A burst of sixty prompts of 300,000 words: while all of them wait for the one thread that takes huge prompts, which is held
 * at a gate, the router answers {@code /health} and relays short chats, whose prompts are tokenized, too. Then each of the
 * sixty is refused by what was counted. All by order, nothing by time.
 */
final class TokenizingIsOffTheLoopIT {

    private static final int BURST = 60;
    private static final int SHORT = 20;
    private static final String WORDS = "A ".repeat(300_000);
    private static final int ALL_INLINE = Integer.MAX_VALUE;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final Gate gate = new Gate();
    private final List<RawClient> burst = new ArrayList<>();

    private static String body(String path) {
        return switch (path) {
            case "/v1/chat/completions" ->
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + WORDS + "\"}]}";
            case "/v1/completions" -> "{\"model\":\"m\",\"prompt\":\"" + WORDS + "\"}";
            default -> "{\"model\":\"m\",\"prompt\":[\"short\",\"" + WORDS + "\"]}";
        };
    }

    /** Stands in for the template of a model. */
    private static String render(InputStream body) throws IOException {
        String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        return "<|im_start|>user\n" + text + "<|im_end|>\n<|im_start|>assistant\n";
    }

    /** What a test may look at. */
    private record Stand(int port, OffloadLanes lanes, TokenizerCounts counts, FakeEngine engine) {}

    @FunctionalInterface
    private interface Body {
        void run(Stand stand) throws IOException;
    }

    private void with(int inlineBelow, Body test) throws IOException, ConfigException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("{\"n\":1}").event("[DONE]").end();
        });
        RouterConfig config = ConfigLoader.parse(new RouterSetup()
                        .engines(engine)
                        .pool("tokenizer", "llama")
                        .route("tokens", "{ maxModelLen: 100000 }")
                        .yaml()
                + SampleTokenizer.yaml(""));
        Ticker ticker = Ticker.system();
        var tokenizer = new LoadedTokenizer(
                config.tokenizers().get(0),
                Tokenizers.huggingFace(SampleTokenizer.file(), 8 << 20),
                TokenizingIsOffTheLoopIT::render);
        var sizes = new OffloadLanes.Sizes(inlineBelow, 64 << 10);
        try (EventLoops loops = new EventLoops("burst", 1);
                OffloadLanes lanes = new OffloadLanes("burst-tokenize", 2, BURST, sizes, ticker);
                Fleet fleet = new Fleet(config, policy -> Policies.of(policy, ticker), ControlPlane.start(ticker))) {
            var tokens = new Tokenization(config, Map.of("llama", tokenizer), lanes);
            var means = new RouterMeans(
                    BodyScans.NONE,
                    WaitObserver.NONE,
                    AccessControl::forEverybody,
                    unused -> tokens,
                    HandoverMeans.untold(ticker));
            var fleetRouter = new FleetRouter(config, fleet, means);
            try (ProxyServer proxy = new ProxyServer(ProxyOptions.DEFAULT, loops, fleetRouter, ProxyObserver.NONE)) {
                proxy.bind("127.0.0.1", 0);
                test.run(new Stand(proxy.port(), lanes, tokenizer.counts(), engine));
            }
        } finally {
            gate.open();
            for (RawClient client : burst) {
                client.close();
            }
        }
    }

    private Future<Boolean> holdTheThread(OffloadLanes lanes) {
        Gate running = new Gate();
        Future<Boolean> held = lanes.huge().submit(GlobalEventExecutor.INSTANCE, () -> {
            running.open();
            gate.await();
            return true;
        });
        running.await();
        return held;
    }

    private void sendBurst(int port, String kind) throws IOException {
        String path = kind.replace(" with a list", "");
        String body = body(kind);
        for (int i = 0; i < BURST; i++) {
            RawClient client = RawClient.connect(port);
            burst.add(client);
            client.post(path, body);
        }
    }

    private void assertShortOnesGoOn(Stand stand) throws IOException {
        try (RawClient health = RawClient.connect(stand.port());
                RawClient chat = RawClient.connect(stand.port())) {
            for (int i = 0; i < SHORT; i++) {
                assertThat(health.get("/health").readResponse().status()).isEqualTo(200);
                String asked = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "a short question ".repeat(30) + i + "\"}]}";
                RawResponse answer = chat.post("/v1/chat/completions", asked).readResponse();
                assertThat(answer.text()).isEqualTo("data: {\"n\":1}\n\ndata: [DONE]\n\n");
            }
        }
        assertThat(stand.counts().of(TokenizerCounts.Outcome.COUNTED)).isEqualTo(SHORT);
    }

    private void assertAllAreRefused(Stand stand) throws IOException {
        for (RawClient client : burst) {
            String message = OpenAiErrors.assertFailure(client.readResponse(), FailureKind.CONTEXT_LENGTH_EXCEEDED);
            assertThat(message).startsWith("This model's maximum context length is 100000 tokens. However, ");
        }
        assertThat(stand.counts().of(TokenizerCounts.Outcome.TOO_LONG)).isEqualTo(BURST);
        assertThat(stand.engine().journal().requests()).hasSize(SHORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/completions with a list", "/v1/chat/completions"})
    void nothingWaitsBehindABurstOfHugePrompts(String kind) throws IOException, ConfigException {
        with(256, stand -> {
            Future<Boolean> held = holdTheThread(stand.lanes());
            sendBurst(stand.port(), kind);
            await().until(() -> stand.lanes().huge().depth() == BURST);

            assertShortOnesGoOn(stand);
            assertThat(stand.lanes().huge().depth())
                    .as("all of them still wait")
                    .isEqualTo(BURST);

            gate.open();
            assertAllAreRefused(stand);
            assertThat(held.isSuccess()).isTrue();
            assertThat(stand.lanes().inline()).isZero();
        });
    }

    /** Shows that the test above can fail: with everything inline no thread is needed, as the loop itself does the work. */
    @Test
    void withOffLoopSwitchedOffTheLoopDoesTheWork() throws IOException, ConfigException {
        with(ALL_INLINE, stand -> {
            Future<Boolean> held = holdTheThread(stand.lanes());
            sendBurst(stand.port(), "/v1/completions");

            for (RawClient client : burst) {
                OpenAiErrors.assertFailure(client.readResponse(), FailureKind.CONTEXT_LENGTH_EXCEEDED);
            }

            assertThat(held.isDone()).as("the gate is closed still").isFalse();
            assertThat(stand.lanes().inline()).isEqualTo(BURST);
            assertThat(stand.lanes().huge().submitted()).isOne();
        });
    }

    @Test
    void clientsThatLeaveCostNothing() throws IOException, ConfigException {
        with(256, stand -> {
            Future<Boolean> held = holdTheThread(stand.lanes());
            sendBurst(stand.port(), "/v1/completions");
            await().until(() -> stand.lanes().huge().depth() == BURST);
            for (RawClient client : burst) {
                client.abort();
            }
            await().until(() -> stand.lanes().huge().cancelled() == BURST);

            assertThat(stand.lanes().huge().depth()).isZero();
            assertThat(held.isDone()).isFalse();
            assertThat(stand.counts().of(TokenizerCounts.Outcome.COUNTED)).isZero();
        });
    }
}
