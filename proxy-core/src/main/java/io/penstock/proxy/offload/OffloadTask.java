package io.penstock.proxy.offload;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work and the promise of its answer. It can be cancelled until a thread begins it; from then on it runs to
 * its end. Threading: begun by one worker, cancelled from any thread; exactly one of the two succeeds.
 */
final class OffloadTask<T> extends DefaultPromise<T> {

    private final Consumer<OffloadTask<?>> onCancel;
    private final long queuedNanos;

    // let go of when it is over, as a caller may keep the future and the work may hold a request body
    private @Nullable Callable<T> work;

    OffloadTask(EventExecutor answerOn, Callable<T> work, Consumer<OffloadTask<?>> onCancel, long queuedNanos) {
        super(answerOn);
        this.work = work;
        this.onCancel = onCancel;
        this.queuedNanos = queuedNanos;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            work = null;
            onCancel.accept(this);
        }
        return cancelled;
    }

    /** Takes the work from whoever could still cancel it; false if it was cancelled before. */
    boolean begin() {
        return setUncancellable();
    }

    /** When it was handed in. */
    long queuedNanos() {
        return queuedNanos;
    }

    /** Runs the begun work, counts it and completes the promise, in this order. */
    void run(Runnable count) {
        Callable<T> begun = Objects.requireNonNull(work, "run twice");
        work = null;
        try {
            T answer = begun.call();
            count.run();
            setSuccess(answer);
        } catch (Throwable failure) {
            count.run();
            setFailure(failure);
        }
    }
}
