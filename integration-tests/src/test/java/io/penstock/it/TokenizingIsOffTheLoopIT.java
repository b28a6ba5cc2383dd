package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.LeakGuard;
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
import io.penstock.router.prompt.LiveTokenizers;
import io.penstock.router.prompt.LoadedTokenizer;
import io.penstock.router.prompt.TokenizerCounts;
import io.penstock.router.route.BodyScans;
import io.penstock.router.route.FleetRouter;
import io.penstock.router.route.RouterMeans;
import io.penstock.router.route.WaitObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
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
    private static final long CACHE = 1 << 20;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder = Path.of("");

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

    /** What a test may look at. */
    private record Stand(int port, LoadedTokenizer tokenizer, OffloadLanes lanes, FakeEngine engine) {}

    @FunctionalInterface
    private interface Body {
        void run(Stand stand) throws IOException;
    }

    /** The tokenizer of the tests, with a template. */
    private Path model() throws IOException {
        Files.copy(SampleTokenizer.file(), folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}");
        return folder;
    }

    private void with(String inlineBelow, Body test) throws IOException, ConfigException {
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("{\"n\":1}").event("[DONE]").end();
        });
        RouterConfig config = ConfigLoader.parse(new RouterSetup()
                .engines(engine)
                .server("tokenization", "{ threads: 2, queue: " + BURST + ", inlineBelow: " + inlineBelow + " }")
                .section(
                        "tokenizers",
                        "[{ name: t, type: huggingface, path: \"" + model() + "\", cache: " + CACHE + "B }]")
                .pool("tokenizer", "t")
                .route("tokens", "{ maxModelLen: 100000 }")
                .yaml());
        Ticker ticker = Ticker.system();
        try (EventLoops loops = new EventLoops("burst", 1);
                LiveTokenizers tokenizers = new LiveTokenizers(config, ticker);
                Fleet fleet = new Fleet(config, policy -> Policies.of(policy, ticker), ControlPlane.start(ticker))) {
            var means = new RouterMeans(
                    BodyScans.NONE,
                    WaitObserver.NONE,
                    AccessControl::forEverybody,
                    tokenizers::controlTake,
                    HandoverMeans.untold(ticker));
            var fleetRouter = new FleetRouter(config, fleet, means);
            try (ProxyServer proxy = new ProxyServer(ProxyOptions.DEFAULT, loops, fleetRouter, ProxyObserver.NONE)) {
                proxy.bind("127.0.0.1", 0);
                LoadedTokenizer tokenizer = tokenizers.inForce().iterator().next();
                OffloadLanes lanes = Objects.requireNonNull(tokenizers.threads());
                test.run(new Stand(proxy.port(), tokenizer, lanes, engine));
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
        assertThat(stand.tokenizer().counts().of(TokenizerCounts.Outcome.COUNTED))
                .isEqualTo(SHORT);
    }

    private void assertAllAreRefused(Stand stand) throws IOException {
        for (RawClient client : burst) {
            String message = OpenAiErrors.assertFailure(client.readResponse(), FailureKind.CONTEXT_LENGTH_EXCEEDED);
            assertThat(message).startsWith("This model's maximum context length is 100000 tokens. However, ");
        }
        assertThat(stand.tokenizer().counts().of(TokenizerCounts.Outcome.TOO_LONG))
                .isEqualTo(BURST);
        assertThat(stand.engine().journal().requests()).hasSize(SHORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/completions with a list", "/v1/chat/completions"})
    void nothingWaitsBehindABurstOfHugePrompts(String kind) throws IOException, ConfigException {
        with("128B", stand -> {
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
        with("1GiB", stand -> {
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

    /** Netty keeps what it had for buffers, for those to come: so a second burst takes no more than the first. */
    @Test
    void memoryIsBackAfterABurst() throws IOException, ConfigException {
        with("128B", stand -> {
            burstAndRefusals(stand);
            long afterOne = PlatformDependent.usedDirectMemory();
            burstAndRefusals(stand);

            assertThat(PlatformDependent.usedDirectMemory() - afterOne).isLessThan((long) BURST * WORDS.length() / 2);
            assertThat(stand.lanes().huge().completed()).isEqualTo(2 * BURST);
            assertThat(Objects.requireNonNull(stand.tokenizer().tokenizer()).memoryBytes())
                    .as("bytes of pieces that are remembered")
                    .isBetween(1L, CACHE);
        });
    }

    private void burstAndRefusals(Stand stand) throws IOException {
        sendBurst(stand.port(), "/v1/completions");
        for (RawClient client : burst) {
            OpenAiErrors.assertFailure(client.readResponse(), FailureKind.CONTEXT_LENGTH_EXCEEDED);
            client.close();
        }
        burst.clear();
        assertThat(stand.lanes().huge().depth()).isZero();
        LeakGuard.check();
    }

    @Test
    void clientsThatLeaveCostNothing() throws IOException, ConfigException {
        with("128B", stand -> {
            Future<Boolean> held = holdTheThread(stand.lanes());
            sendBurst(stand.port(), "/v1/completions");
            await().until(() -> stand.lanes().huge().depth() == BURST);
            for (RawClient client : burst) {
                client.abort();
            }
            await().until(() -> stand.lanes().huge().cancelled() == BURST);

            assertThat(stand.lanes().huge().depth()).isZero();
            assertThat(held.isDone()).isFalse();
            assertThat(stand.tokenizer().counts().of(TokenizerCounts.Outcome.COUNTED))
                    .isZero();
        });
    }
}
