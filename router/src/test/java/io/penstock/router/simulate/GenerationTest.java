package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GenerationTest {

    private static final String PATH = "/v1/completions";

    private final EngineBench engine = new EngineBench(SimulatedEngineOptions.builder()
            .time(TimeModel.of(Duration.ofMillis(20), Duration.ofMillis(10)).withSlots(2))
            .control(true)
            .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
            .build());

    @AfterEach
    void close() {
        engine.close();
    }

    private static String body(int tokens) {
        return "{\"prompt\":\"p\",\"stream\":true,\"ignore_eos\":true,\"max_tokens\":" + tokens + "}";
    }

    @Test
    void requestsBeyondTheSlotsWaitTheirTurn() {
        BenchClient first = engine.post(PATH, body(2));
        engine.post(PATH, body(50));
        BenchClient third = engine.post(PATH, body(2));
        assertThat(engine.counters().running()).isEqualTo(2);
        assertThat(engine.counters().waiting()).isEqualTo(1);
        engine.advance(30);
        assertThat(first.ended()).isTrue();
        assertThat(third.answered()).isTrue();
        assertThat(third.chunks()).isEmpty();
        assertThat(engine.counters().waiting()).isZero();
        engine.advance(20);
        assertThat(third.chunks()).hasSize(1);
    }

    @Test
    void aClientThatLeavesFreesItsSlotAtOnce() {
        BenchClient client = engine.post(PATH, body(100));
        engine.advance(40);
        assertThat(engine.counters().tokensGenerated()).isEqualTo(3);
        client.leave();
        assertThat(engine.counters().running()).isZero();
        assertThat(engine.counters().aborted()).isEqualTo(1);
        assertThat(engine.counters().tokensSpared()).isEqualTo(97);
        engine.advance(100);
        assertThat(engine.counters().tokensGenerated()).isEqualTo(3);
    }

    @Test
    void aClientThatLeavesWhileWaitingIsForgotten() {
        engine.post(PATH, body(100));
        engine.post(PATH, body(100));
        BenchClient waiting = engine.post(PATH, body(100));
        waiting.leave();
        assertThat(engine.counters().waiting()).isZero();
        assertThat(engine.counters().aborted()).isEqualTo(1);
    }

    @Test
    void aClientOfAnAnswerInOneBodyThatLeavesAbortsToo() {
        BenchClient client = engine.post(PATH, "{\"prompt\":\"p\"}");
        engine.advance(25);
        client.leave();
        assertThat(engine.counters().aborted()).isEqualTo(1);
    }

    @Test
    void aSlowReaderHoldsBackBytesButNotTheSlot() {
        BenchClient client = engine.post(PATH, body(30));
        engine.advance(20);
        client.reading(false);
        engine.advance(400);
        assertThat(engine.counters().tokensGenerated()).isEqualTo(30);
        assertThat(engine.counters().running()).isZero();
        assertThat(engine.counters().tokensSent()).isEqualTo(1);
        client.reading(true);
        engine.settle();
        assertThat(engine.counters().tokensSent()).isEqualTo(30);
        assertThat(client.ended()).isTrue();
        assertThat(client.said(0)).isEqualTo(SimulatedText.of(0, "p").first(30));
    }

    @Test
    void aPauseHoldsEverythingAndLosesNothing() {
        BenchClient client = engine.post(PATH, body(5));
        engine.advance(30);
        engine.connect().post("/sim/pause?on=true", "");
        engine.advance(100);
        assertThat(client.chunks()).hasSize(2);
        engine.connect().post("/sim/pause?on=false", "");
        engine.advance(40);
        assertThat(client.said(0)).isEqualTo(SimulatedText.of(0, "p").first(5));
    }

    @Test
    void loadSlowsEverybody() {
        try (EngineBench loaded = new EngineBench(SimulatedEngineOptions.builder()
                .time(new TimeModel(Duration.ofMillis(20), Duration.ZERO, Duration.ofMillis(10), 2, 3))
                .build())) {
            loaded.post(PATH, body(50));
            loaded.post(PATH, body(50));
            loaded.advance(60);
            long before = loaded.counters().tokensGenerated();
            loaded.advance(60);
            assertThat(loaded.counters().tokensGenerated() - before).isEqualTo(4);
        }
    }

    @Test
    void cachedPromptTokensShortenThePrefill() {
        try (EngineBench cached = new EngineBench(SimulatedEngineOptions.builder()
                .time(new TimeModel(Duration.ofMillis(10), Duration.ofMillis(1), Duration.ZERO, 4, 1))
                .promptTokensDetails(true)
                .build())) {
            String request = "{\"max_tokens\":1,\"prompt\":\"" + " word".repeat(64) + "\"}";
            BenchClient first = cached.post(PATH, request);
            cached.advance(138);
            assertThat(first.ended()).isTrue();
            assertThat(first.json()
                            .at("/usage/prompt_tokens_details/cached_tokens")
                            .asInt())
                    .isZero();
            BenchClient second = cached.post(PATH, request);
            cached.advance(26);
            assertThat(second.json()
                            .at("/usage/prompt_tokens_details/cached_tokens")
                            .asInt())
                    .isEqualTo(112);
        }
    }

    @Test
    void cutAfterClosesWithoutAnEnd() {
        BenchClient client = engine.post(PATH, body(5), "x-sim-fault", "cut-after=2");
        engine.advance(100);
        assertThat(client.chunks()).hasSize(2);
        assertThat(client.open()).isFalse();
        assertThat(client.ended()).isFalse();
        assertThat(engine.counters().running()).isZero();
        assertThat(engine.counters().aborted()).isZero();
    }

    @Test
    void stallAfterKeepsTheSlotUntilTheClientLeaves() {
        BenchClient client = engine.post(PATH, body(5), "x-sim-fault", "stall-after=2");
        engine.advance(1000);
        assertThat(client.chunks()).hasSize(2);
        assertThat(client.open()).isTrue();
        assertThat(engine.counters().running()).isEqualTo(1);
        client.leave();
        assertThat(engine.counters().running()).isZero();
        assertThat(engine.counters().aborted()).isEqualTo(1);
    }

    @Test
    void anErrorEventReplacesTheFirstTokenAndIsFollowedByDone() {
        BenchClient client = engine.post(PATH, body(5), "x-sim-fault", "error-event-first");
        engine.advance(30);
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.events()).hasSize(1);
        assertThat(client.events().get(0).at("/error/code").asInt()).isEqualTo(500);
        assertThat(client.chunks().get(1)).isEqualTo("data: [DONE]\n\n");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void anErrorInsideAnAnswerInOneBodyIsAStatus() {
        BenchClient client = engine.post(PATH, "{\"prompt\":\"p\"}", "x-sim-fault", "error-event-after=3");
        engine.advance(100);
        assertThat(client.status()).isEqualTo(500);
        assertThat(client.json().at("/error/type").asText()).isEqualTo("InternalServerError");
    }

    @Test
    void trickleSendsEveryByteAsAChunkAndChangesNone() {
        BenchClient client = engine.post(PATH, body(3), "x-sim-fault", "trickle", "x-request-id", "r");
        BenchClient plain = engine.post(PATH, body(3), "x-request-id", "r");
        engine.advance(100);
        assertThat(client.ended()).isTrue();
        assertThat(client.chunks()).allMatch(chunk -> chunk.length() == 1);
        assertThat(client.body()).isEqualTo(plain.body());
    }

    @Test
    void delayHoldsTheWholeAnswerBack() {
        BenchClient client = engine.post(PATH, body(1), "x-sim-fault", "delay=100ms");
        engine.advance(99);
        assertThat(client.answered()).isFalse();
        engine.advance(1);
        assertThat(client.answered()).isTrue();
    }

    @Test
    void aClientThatLeavesDuringTheDelayIsNeverLookedAt() {
        BenchClient client = engine.post(PATH, body(1), "x-sim-fault", "delay=100ms");
        client.leave();
        engine.advance(200);
        assertThat(client.answered()).isFalse();
        assertThat(engine.counters().finished()).isZero();
    }

    @Test
    void tokensWithoutTimeBetweenThemComeInBurstsThatLetOthersIn() {
        try (EngineBench fast = new EngineBench(
                SimulatedEngineOptions.builder().time(TimeModel.instant()).build())) {
            BenchClient client = fast.post(PATH, body(5000));
            fast.advance(2);
            assertThat(client.ended()).isTrue();
            assertThat(client.said(0)).isEqualTo(SimulatedText.of(0, "p").first(5000));
        }
    }
}
