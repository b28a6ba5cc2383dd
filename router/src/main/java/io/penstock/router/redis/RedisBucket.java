package io.penstock.router.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.penstock.router.access.SharedBucket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One limit in Redis. Questions that come while another one is under way are put together into the next, so that many requests of one
 * limit cost Redis no more than a few. A bucket that Redis does not know, or has forgotten, begins with what the router that asks
 * has left by its own account.
 *
 * <p>Threading: any thread; answers come on threads of the connection.
 */
final class RedisBucket implements SharedBucket {

    private static final Logger log = LoggerFactory.getLogger(RedisBucket.class);

    private final String name;
    private final byte[] key;
    private final long limit;
    private final LongSupplier left;
    private final Means means;
    private final AtomicLong underWay = new AtomicLong();
    private final AtomicBoolean unusable = new AtomicBoolean();
    private volatile @Nullable Held held;

    /** What all buckets have in common. */
    record Means(RedisLink link, OpenQuestions open) {}

    /** The bucket behind one connection. */
    private record Held(AsyncProxyManager<byte[]> behind, AsyncBucketProxy bucket) {}

    RedisBucket(String key, long limit, LongSupplier left, Means means) {
        this.name = key;
        this.key = key.getBytes(UTF_8);
        this.limit = limit;
        this.left = left;
        this.means = means;
    }

    @Override
    public CompletionStage<ConsumptionProbe> take(long amount) {
        return means.open().ask(() -> counted(amount, bucket -> bucket.tryConsumeAndReturnRemaining(amount)));
    }

    @Override
    public void overdraw(long amount) {
        means.open().tell(() -> counted(amount, bucket -> bucket.consumeIgnoringRateLimits(amount)));
    }

    @Override
    public void giveBack(long amount) {
        means.open().tell(() -> counted(-amount, bucket -> bucket.addTokens(amount)));
    }

    /** What is under way left the router's own account already, but not yet the bucket in Redis. */
    private <T> CompletableFuture<T> counted(long amount, Function<AsyncBucketProxy, CompletableFuture<T>> question) {
        AsyncProxyManager<byte[]> buckets = means.link().buckets();
        if (buckets == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("there is no connection to Redis"));
        }
        underWay.addAndGet(amount);
        return OpenQuestions.asked(() -> answered(question.apply(behind(buckets))))
                .whenComplete((answer, failure) -> underWay.addAndGet(-amount));
    }

    /** Only what comes in place of an answer may be due to what Redis has; what is thrown before is not. */
    private <T> CompletableFuture<T> answered(CompletableFuture<T> answer) {
        return answer.whenComplete((done, failure) -> {
                    if (failure == null) {
                        unusable.set(false);
                    }
                })
                .exceptionally(failure -> {
                    throw judged(failure);
                });
    }

    /** A failure that is this bucket's alone says nothing of the connection, and is told once for as long as it lasts. */
    private CompletionException judged(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!UnusableBucket.isCauseOf(cause)) {
            return new CompletionException(cause);
        }
        if (!unusable.getAndSet(true)) {
            log.warn(
                    "what Redis has under {} is no limit; each router keeps its own there until it is deleted: {}",
                    name,
                    String.valueOf(cause));
        }
        return new CompletionException(new UnusableBucket(cause));
    }

    private AsyncBucketProxy behind(AsyncProxyManager<byte[]> buckets) {
        Held known = held;
        if (known != null && known.behind() == buckets) {
            return known.bucket();
        }
        return hold(buckets);
    }

    private synchronized AsyncBucketProxy hold(AsyncProxyManager<byte[]> buckets) {
        Held known = held;
        if (known == null || known.behind() != buckets) {
            known = new Held(
                    buckets,
                    buckets.builder()
                            .withOptimization(Optimizations.batching())
                            .build(key, () -> CompletableFuture.completedFuture(fresh())));
            held = known;
        }
        return known.bucket();
    }

    private BucketConfiguration fresh() {
        return perMinute(limit, Math.min(limit, Math.max(0, left.getAsLong() + underWay.get())));
    }

    /** So much within a minute, as the router's own limits are. */
    static BucketConfiguration perMinute(long limit, long atFirst) {
        return BucketConfiguration.builder()
                .addLimit(band -> band.capacity(limit)
                        .refillGreedy(limit, Duration.ofMinutes(1))
                        .initialTokens(atFirst))
                .build();
    }
}
