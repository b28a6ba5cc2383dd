package io.penstock.router.access;

import io.github.bucket4j.ConsumptionProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Limits in common that answer when and what a test says. Threading: the test's thread. */
final class ScriptedLimits implements SharedLimits {

    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Map<String, Scripted> buckets = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private boolean reachable = true;

    /** One of them. */
    static final class Scripted implements SharedBucket {

        private final LongSupplier left;
        private final List<CompletableFuture<ConsumptionProbe>> questions = new ArrayList<>();
        private final List<Long> taken = new ArrayList<>();
        private long booked;

        Scripted(LongSupplier left) {
            this.left = left;
        }

        @Override
        public CompletionStage<ConsumptionProbe> take(long amount) {
            taken.add(amount);
            CompletableFuture<ConsumptionProbe> question = new CompletableFuture<>();
            questions.add(question);
            return question;
        }

        @Override
        public void overdraw(long amount) {
            booked += amount;
        }

        @Override
        public void giveBack(long amount) {
            booked -= amount;
        }

        /** The amounts that were asked for. */
        List<Long> taken() {
            return taken;
        }

        /** What was booked beside that. */
        long booked() {
            return booked;
        }

        /** What the router's own account says. */
        long left() {
            return left.getAsLong();
        }

        void passes(long remaining) {
            questions.get(questions.size() - 1).complete(ConsumptionProbe.consumed(remaining, 1_000_000_000));
        }

        void refuses() {
            questions
                    .get(questions.size() - 1)
                    .complete(ConsumptionProbe.rejected(0, TimeUnit.SECONDS.toNanos(7), TimeUnit.SECONDS.toNanos(60)));
        }

        void fails(Throwable why) {
            questions.get(questions.size() - 1).completeExceptionally(why);
        }
    }

    @Override
    public SharedBucket bucket(String name, long limit, LongSupplier left) {
        return buckets.computeIfAbsent(name, fresh -> new Scripted(left));
    }

    Scripted named(String name) {
        return Objects.requireNonNull(buckets.get(name), () -> name + " is none of " + buckets.keySet());
    }

    /** The names of all. */
    List<String> names() {
        return List.copyOf(buckets.keySet());
    }

    /** What was told, in words. */
    List<String> told() {
        return told;
    }

    void away() {
        reachable = false;
    }

    @Override
    public boolean isReachable() {
        return reachable;
    }

    @Override
    public long patienceNanos() {
        return PATIENCE_NANOS;
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public void answered(boolean passed, long nanos) {
        told.add(passed ? "passed" : "refused");
    }

    @Override
    public void unanswered(Unanswered why, long began, @Nullable Throwable cause) {
        told.add(why.label());
    }
}
