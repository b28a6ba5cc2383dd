package io.penstock.router.redis;

import io.penstock.router.access.SharedObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Bounds how much Redis is asked and told at once. Threading: counter. */
final class OpenQuestions {

    /** More than a Redis that keeps up ever has open; one that does not is not asked more. */
    static final int MAX = 1024;

    private final AtomicInteger open = new AtomicInteger();
    private final SharedObserver observer;

    OpenQuestions(SharedObserver observer) {
        this.observer = observer;
    }

    /** Asks, or fails at once with {@link RejectedExecutionException}. */
    <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> question) {
        if (open.incrementAndGet() > MAX) {
            open.decrementAndGet();
            return CompletableFuture.failedFuture(new RejectedExecutionException("Redis is asked enough"));
        }
        return asked(question).whenComplete((answer, failure) -> open.decrementAndGet());
    }

    /** Asks; what is thrown in place of an answer is one that failed. */
    static <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Tells it something; what it does not take in is lost, and counted. */
    void tell(Supplier<? extends CompletableFuture<?>> booking) {
        var unused = ask(() -> booking.get().thenApply(done -> true)).whenComplete((done, failure) -> {
            if (failure != null) {
                observer.bookingLost();
            }
        });
    }
}
