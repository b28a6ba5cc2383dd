package io.penstock.router.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.access.SharedBucket;
import io.penstock.router.access.SharedLimits.Unanswered;
import io.penstock.router.access.SharedObserver;
import io.penstock.router.config.SharedLimitsConfig;
import io.penstock.router.config.SharedLimitsConfig.RedisPasswordConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Limits in Redis, with one in memory. */
final class RedisLimitsTest {

    private static final SharedLimitsConfig CONFIG = new SharedLimitsConfig(
            "redis://h", null, new RedisPasswordConfig(null, null), null, Duration.ofMillis(50), "fleet-1");

    private final ManualTicker ticker = new ManualTicker();
    private final MemoryRedis redis = new MemoryRedis();
    private final MemoryRedis.Link link = redis.link(clock());
    private final List<String> told = new ArrayList<>();
    private final RedisLimits limits = limits(link);
    private final RedisLimits others = limits(redis.link(clock()));

    private TimeMeter clock() {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return ticker.nanos();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    private RedisLimits limits(RedisLink through) {
        return new RedisLimits(CONFIG, ticker, new Told(), through);
    }

    /** Writes down what it is told. */
    private final class Told implements SharedObserver {

        @Override
        public void answered(boolean passed, long nanos) {
            told.add(passed + " after " + nanos);
        }

        @Override
        public void unanswered(Unanswered why) {
            told.add(why.label());
        }

        @Override
        public void bookingLost() {
            told.add("lost");
        }
    }

    private static ConsumptionProbe now(CompletionStage<ConsumptionProbe> answer) {
        return Objects.requireNonNull(answer.toCompletableFuture().getNow(null));
    }

    private static Throwable failure(CompletionStage<?> answer) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        answer.whenComplete((done, why) -> failure.set(why));
        return Objects.requireNonNull(failure.get());
    }

    @Test
    void routersTakeFromTheSameBucketUnderItsNameAndAmount() {
        SharedBucket here = limits.bucket("key:ann:requests", 3, () -> 2);
        SharedBucket there = others.bucket("key:ann:requests", 3, () -> 2);
        assertThat(now(here.take(1)).getRemainingTokens()).isEqualTo(2);
        assertThat(now(there.take(2)).getRemainingTokens()).isZero();
        ConsumptionProbe refused = now(here.take(1));
        assertThat(refused.isConsumed()).isFalse();
        assertThat(Duration.ofNanos(refused.getNanosToWaitForRefill())).isEqualTo(Duration.ofSeconds(20));
        assertThat(redis.entries()).containsOnlyKeys("fleet-1:key:ann:requests:3");

        ticker.advance(Duration.ofSeconds(20));
        assertThat(now(there.take(1)).isConsumed()).isTrue();
        assertThat(now(here.take(1)).isConsumed()).isFalse();
    }

    @Test
    void debtsAndWhatIsGivenBackAreBookedForAll() {
        SharedBucket here = limits.bucket("key:ann:tokens", 600, () -> 590);
        SharedBucket there = others.bucket("key:ann:tokens", 600, () -> 600);
        assertThat(now(here.take(10)).isConsumed()).isTrue();
        here.overdraw(1000);
        assertThat(now(there.take(1)).isConsumed()).isFalse();
        ticker.advance(Duration.ofSeconds(41));
        assertThat(now(there.take(1)).isConsumed()).as("a debt of 410 is paid").isFalse();
        here.giveBack(100);
        assertThat(now(there.take(50)).isConsumed()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aBucketThatIsNotKnownBeginsWithWhatTheRouterHasLeft() {
        long[] left = {4};
        SharedBucket bucket = limits.bucket("key:ann:requests", 10, () -> left[0]);
        left[0]--;
        assertThat(now(bucket.take(1)).getRemainingTokens())
                .as("what it took itself is counted once")
                .isEqualTo(3);
        redis.entries().clear();
        left[0]--;
        assertThat(now(bucket.take(1)).getRemainingTokens()).as("forgotten").isEqualTo(2);
        redis.entries().clear();
        left[0] = -50;
        assertThat(now(bucket.take(1)).isConsumed()).isFalse();
    }

    @Test
    void whatIsAskedMeanwhileIsAskedTogether() {
        SharedBucket bucket = limits.bucket("route:main:requests", 100, () -> 100);
        var unused = bucket.take(1);
        redis.hold();
        int before = redis.questions();
        List<CompletableFuture<ConsumptionProbe>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(bucket.take(1).toCompletableFuture());
        }
        for (int i = 0; i < 4; i++) {
            redis.release();
            redis.hold();
        }
        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(redis.questions() - before).isLessThanOrEqualTo(2);
        redis.release();
        assertThat(now(bucket.take(1)).getRemainingTokens()).isEqualTo(48);
    }

    @Test
    void noMoreIsAskedAtOnceThanIsBounded() {
        SharedBucket bucket = limits.bucket("route:main:requests", 10_000, () -> 10_000);
        redis.hold();
        for (int i = 0; i < OpenQuestions.MAX; i++) {
            var unused = bucket.take(1);
        }
        assertThat(failure(bucket.take(1))).isInstanceOf(RejectedExecutionException.class);
        bucket.overdraw(5);
        assertThat(told).containsExactly("lost");
        for (int i = 0; i < 8; i++) {
            redis.release();
        }
        assertThat(now(bucket.take(1)).isConsumed()).isTrue();
    }

    @Test
    void withoutAConnectionNothingIsAskedAndBookingsAreLost() {
        SharedBucket bucket = limits.bucket("route:main:requests", 10, () -> 10);
        assertThat(limits.isReachable()).isTrue();
        link.close();
        assertThat(limits.isReachable()).isFalse();
        assertThat(failure(bucket.take(1))).isNotNull();
        bucket.giveBack(1);
        assertThat(told).containsExactly("lost");
        link.connect();
        assertThat(now(bucket.take(1)).isConsumed()).isTrue();
    }

    @Test
    void nonsenseIsNoAnswer() {
        SharedBucket bucket = limits.bucket("key:ann:requests", 10, () -> 10);
        redis.entries().put("fleet-1:key:ann:requests:10", "nonsense".getBytes(StandardCharsets.UTF_8));
        assertThat(failure(bucket.take(1))).isNotInstanceOf(RejectedExecutionException.class);
        redis.entries().clear();
        assertThat(now(bucket.take(1)).isConsumed()).isTrue();
    }

    @Test
    void oneBucketThatIsNoneEndsNoConnection() {
        SharedBucket bucket = limits.bucket("key:ann:requests", 10, () -> 10);
        redis.entries().put("fleet-1:key:ann:requests:10", "nonsense".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 2 * RedisLimits.FAILURES_IN_A_ROW; i++) {
            Throwable cause = Objects.requireNonNull(failure(bucket.take(1)).getCause());
            long began = ticker.nanos();
            ticker.advance(Duration.ofMillis(1));
            limits.unanswered(Unanswered.FAILED, began, cause);
        }
        assertThat(link.givenUp()).isEmpty();
        assertThat(told).hasSize(2 * RedisLimits.FAILURES_IN_A_ROW).containsOnly("failed");
    }

    @Test
    void aQuestionThatCannotBeAskedIsNotUnderWay() {
        SharedBucket bucket = limits.bucket("key:ann:requests", 10, () -> 10);
        assertThat(failure(bucket.take(-5)))
                .as("a defect, and not what Redis has")
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(now(bucket.take(1)).getRemainingTokens()).isEqualTo(9);
    }

    private void unanswered(Unanswered why) {
        long began = ticker.nanos();
        ticker.advance(Duration.ofMillis(50));
        limits.unanswered(why, began, new IllegalStateException("OOM"));
    }

    @Test
    void threeRequestsInARowWithoutAnAnswerEndTheConnection() {
        unanswered(Unanswered.LATE);
        unanswered(Unanswered.FAILED);
        limits.answered(true, 7);
        unanswered(Unanswered.LATE);
        unanswered(Unanswered.AWAY);
        unanswered(Unanswered.BUSY);
        unanswered(Unanswered.LATE);
        assertThat(link.givenUp()).isEmpty();
        unanswered(Unanswered.LATE);
        assertThat(link.givenUp()).containsExactly("it does not answer within 50ms");
        assertThat(told).containsExactly("late", "failed", "true after 7", "late", "away", "busy", "late", "late");
    }

    @Test
    void whatWaitsInVainTogetherIsOneFailure() {
        long began = ticker.nanos();
        ticker.advance(Duration.ofMillis(50));
        for (int i = 0; i < 10; i++) {
            limits.unanswered(Unanswered.LATE, began + i, null);
        }
        assertThat(link.givenUp()).isEmpty();
        unanswered(Unanswered.LATE);
        limits.unanswered(Unanswered.LATE, began + 1, null);
        unanswered(Unanswered.FAILED);
        assertThat(link.givenUp()).containsExactly("java.lang.IllegalStateException: OOM");
    }
}
