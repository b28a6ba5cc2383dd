package io.penstock.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.TokenizerConfig;
import io.penstock.router.prompt.TokenizerCounts.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class EngineTokenizerTest {

    private static final Endpoint ENGINE = new Endpoint("h", 1, Endpoint.Protocol.HTTP1);

    private final ManualTicker ticker = new ManualTicker();
    private final EngineTokenizer engines = new EngineTokenizer(ticker);
    private final Asked asked = new Asked();

    /** Engines that answer when told to. */
    private static final class Asked implements EngineClient {

        private final Queue<Promise<Reply>> open = new ArrayDeque<>();
        private final List<String> questions = new ArrayList<>();

        @Override
        public Future<Reply> get(Endpoint endpoint, String path, Duration timeout) {
            throw new AssertionError("nothing is got");
        }

        @Override
        public Future<Reply> post(Endpoint endpoint, String path, byte[] json, Duration timeout) {
            questions.add(path + " " + new String(json, StandardCharsets.UTF_8));
            Promise<Reply> promise = ImmediateEventExecutor.INSTANCE.newPromise();
            open.add(promise);
            return promise;
        }

        void answer(int status, String body) {
            open.remove().setSuccess(new Reply(status, body));
        }
    }

    EngineTokenizerTest() {
        engines.asks(asked);
    }

    private Future<Long> ask() {
        return ask("a");
    }

    private Future<Long> ask(String tokenizer) {
        return engines.count(tokenizer, ENGINE, "{}".getBytes(StandardCharsets.UTF_8), ImmediateEventExecutor.INSTANCE);
    }

    @Test
    void anEngineTellsTheCount() {
        Future<Long> count = ask();
        asked.answer(200, "{\"max_model_len\":10,\"x\":{\"count\":1},\"count\":7,\"tokens\":[1,2]}");

        assertThat(count.getNow()).isEqualTo(7);
        assertThat(asked.questions).containsExactly("/tokenize {}");
    }

    @Test
    void afterFailuresNobodyIsAskedForAWhileAndThenOneTriesAgain() {
        for (String answer : List.of("", "[]", "{\"tokens\":[]}")) {
            Future<Long> count = ask();
            asked.answer(answer.isEmpty() ? 500 : 200, answer);
            assertThat(count.cause()).isInstanceOf(IOException.class);
        }
        assertThat(ask().isDone()).as("not asked").isTrue();
        ticker.advance(Duration.ofSeconds(EngineBreaker.PAUSE_SECONDS));

        Future<Long> trial = ask();
        assertThat(trial.isDone()).isFalse();
        assertThat(ask().isDone()).as("one is enough").isTrue();
        asked.answer(503, "");
        assertThat(trial.isSuccess()).isFalse();
        assertThat(ask().isDone()).isTrue();

        ticker.advance(Duration.ofSeconds(EngineBreaker.PAUSE_SECONDS));
        Future<Long> second = ask();
        asked.answer(200, "{\"count\":1}");
        assertThat(second.getNow()).isEqualTo(1);
        assertThat(ask().isDone()).as("asked again").isFalse();
        assertThat(asked.questions).hasSize(6);
    }

    @Test
    void enginesThatFailOneTokenizerAreAskedForAnother() {
        for (int i = 0; i < EngineBreaker.FAILURES; i++) {
            assertThat(ask("a").isDone()).isFalse();
            asked.answer(404, "");
        }
        assertThat(ask("a").isDone()).as("not asked").isTrue();
        assertThat(ask("b").isDone()).isFalse();
    }

    @Test
    void aPromptThatIsRefusedIsNoFailureOfTheEngine() {
        for (int i = 0; i < 2 * EngineBreaker.FAILURES; i++) {
            Future<Long> count = ask();
            asked.answer(400, "{\"error\":{}}");
            assertThat(count.cause()).hasMessageContaining("did not tokenize");
        }
        assertThat(asked.questions).hasSize(2 * EngineBreaker.FAILURES);
    }

    @Test
    void aQuestionThatNobodyWaitsForIsEndedAndIsNoFailure() {
        for (int i = 0; i < 2 * EngineTokenizer.MOST; i++) {
            assertThat(ask().cancel(false)).isTrue();
            assertThat(asked.open.remove().isCancelled()).isTrue();
        }
        assertThat(asked.questions).hasSize(2 * EngineTokenizer.MOST);
    }

    @Test
    void aClientThatLeavesEndsTheQuestion() throws IOException {
        var loop = ImmediateEventExecutor.INSTANCE;
        PromptCall call = PromptCalls.call("/v1/completions", ENGINE, () -> false);
        var config = new TokenizerConfig("ask", TokenizerConfig.Type.ENGINE, null, null, List.of(), new ByteSize(0));
        Future<EngineQuestion> made = loop.newSucceededFuture(question("{\"prompt\":\"a\"}", "/v1/completions"));
        LoadedTokenizer by = new LoadedTokenizer(config, null, null);
        Future<TokenCount> count = EngineAsking.count(by, call, engines, made);

        assertThat(asked.open).hasSize(1);
        count.cancel(false);
        assertThat(asked.open.remove().isCancelled()).isTrue();
        assertThat(by.counts().of(Outcome.ESTIMATED)).as("nobody was told").isZero();
    }

    @Test
    void aRequestWithoutAModelAsksWithoutOne() throws IOException {
        ByteBuf body = Unpooled.copiedBuffer("{\"prompt\":\"a\"}", StandardCharsets.UTF_8);
        EngineQuestion question = EngineQuestion.of(body, PromptKind.COMPLETION, null);
        body.release();

        assertThat(new String(question.json(), StandardCharsets.UTF_8)).isEqualTo("{\"prompt\":\"a\"}");
    }

    @Test
    void whoIsToTryAgainWaitsForRoomAndNotForAnotherPause() {
        for (int i = 0; i < EngineBreaker.FAILURES; i++) {
            ask("a");
            asked.answer(500, "");
        }
        for (int i = 0; i < EngineTokenizer.MOST; i++) {
            ask("b");
        }
        ticker.advance(Duration.ofSeconds(EngineBreaker.PAUSE_SECONDS));
        assertThat(ask("a").isDone()).as("there is no room").isTrue();

        asked.answer(200, "{\"count\":1}");
        assertThat(ask("a").isDone()).isFalse();
    }

    @Test
    void onlySoManyAreAskedAtOnce() {
        for (int i = 0; i < EngineTokenizer.MOST; i++) {
            assertThat(ask().isDone()).isFalse();
        }
        assertThat(ask().cause()).hasMessageContaining("not asked");
        asked.answer(200, "{\"count\":1}");
        assertThat(ask().isDone()).isFalse();
    }

    @Test
    void theQuestionHoldsWhatThePromptIsMadeOf() throws IOException {
        EngineQuestion question = question(
                "{\"model\":\"alias\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"é\"}],\"tools\":[],"
                        + "\"max_tokens\":5}",
                "/v1/chat/completions");

        assertThat(new String(question.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"é\"}],\"tools\":[]}");
        assertThat(question.answered(12, 100)).isEqualTo(new TokenCount(12, 12, true, 5));
    }

    @Test
    void idsAreCountedAndListsEstimatedWithoutAnEngine() throws IOException {
        EngineQuestion ids = question("{\"prompt\":[[1,2,3],[4]]}", "/v1/completions");
        assertThat(ids.mustBeAsked()).isFalse();
        assertThat(ids.unasked(100)).isEqualTo(new TokenCount(4, 3, true, 0));

        EngineQuestion texts = question("{\"prompt\":[\"" + "x".repeat(40) + "\",\"b\"]}", "/v1/completions");
        assertThat(texts.mustBeAsked()).isFalse();
        assertThat(texts.unasked(100)).isEqualTo(new TokenCount(10, 0, false, 0));
    }

    private static EngineQuestion question(String json, String path) throws IOException {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        try {
            return EngineQuestion.of(body, PromptKind.of(path), "m");
        } finally {
            body.release();
        }
    }
}
