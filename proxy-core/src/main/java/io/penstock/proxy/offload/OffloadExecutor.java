package io.penstock.proxy.offload;

import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.runtime.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs work that is too long for an event loop, such as scanning a large body or tokenizing, on threads of its own. The
 * queue is bounded, submitting neither waits nor locks, and answers arrive on the event loop that asked.
 *
 * <p>Guarantee: when the future is complete, for whatever reason, its work is not running and never will be, so a buffer
 * lent to the work may be released then. Work therefore cannot be cancelled any more once a thread has begun it.
 *
 * <p>Threading: any thread; the numbers are counters, each right by itself.
 */
public final class OffloadExecutor implements AutoCloseable {

    private static final long CLOSE_MILLIS = 5_000;

    private final LinkedTransferQueue<OffloadTask<?>> queue = new LinkedTransferQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final int queueLimit;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder submitted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder begun = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder ranNanos = new LongAdder();
    private final Ticker ticker;
    private volatile boolean closed;

    /** Starts one thread for each core. */
    public OffloadExecutor(String name, int queueLimit) {
        this(name, NettyRuntime.availableProcessors(), queueLimit);
    }

    /** Starts the threads, with the system's clock. */
    public OffloadExecutor(String name, int threads, int queueLimit) {
        this(name, threads, queueLimit, Ticker.system());
    }

    /**
     * Starts the threads.
     *
     * @param name the first part of the threads' names; they are daemons
     * @param threads how many, at least 1
     * @param queueLimit how many pieces of work may wait at most, besides those that run; at least 1
     * @param ticker for how long work waited and ran
     */
    public OffloadExecutor(String name, int threads, int queueLimit, Ticker ticker) {
        this.ticker = ticker;
        if (threads < 1 || queueLimit < 1) {
            throw new IllegalArgumentException("threads " + threads + " and queue limit " + queueLimit + " start at 1");
        }
        this.queueLimit = queueLimit;
        DefaultThreadFactory factory = new DefaultThreadFactory(name, true);
        for (int i = 0; i < threads; i++) {
            this.threads.add(factory.newThread(this::work));
        }
        this.threads.forEach(Thread::start);
    }

    /**
     * Queues {@code work} and returns at once, from any thread.
     *
     * <p>The future's listeners run on {@code answerOn}. It fails with what the work throws; or, already when it is
     * returned, with an {@link OffloadRejectedException} if the queue is full or this executor is closed. Cancelling it
     * takes queued work out of the queue and frees its place; it has no effect on work that a thread has begun.
     */
    public <T> Future<T> submit(EventExecutor answerOn, Callable<T> work) {
        submitted.increment();
        if (closed) {
            return reject(answerOn, "the off-loop executor is closed");
        }
        if (!reserve()) {
            return reject(answerOn, "the off-loop queue is full");
        }
        OffloadTask<T> task = new OffloadTask<>(answerOn, work, this::dropped, ticker.nanos());
        queue.add(task);
        if (closed) {
            task.cancel(false); // close() may have emptied the queue before this was in it
        }
        return task;
    }

    /** Pieces of work that wait for a thread. */
    public int depth() {
        return depth.get();
    }

    /** Pieces of work handed in, the rejected ones included. */
    public long submitted() {
        return submitted.sum();
    }

    /** Pieces of work not taken, as the queue was full or the executor closed. */
    public long rejected() {
        return rejected.sum();
    }

    /** Pieces of work taken but never begun, as their future was cancelled or the executor closed. */
    public long cancelled() {
        return cancelled.sum();
    }

    /** Pieces of work that ran to their end, failed ones included. */
    public long completed() {
        return completed.sum();
    }

    /** Pieces of work that a thread began. */
    public long begun() {
        return begun.sum();
    }

    /** Nanoseconds that the begun ones waited for a thread, all together. */
    public long waitedNanos() {
        return waitedNanos.sum();
    }

    /** Nanoseconds that the completed ones ran, all together. */
    public long ranNanos() {
        return ranNanos.sum();
    }

    /**
     * Takes no more work, cancels what is queued, interrupts what runs, and waits up to five seconds for the threads; not
     * to be called on an event loop.
     */
    @Override
    public void close() {
        closed = true;
        for (OffloadTask<?> task : queue) {
            task.cancel(false);
        }
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_MILLIS / threads.size() + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> Future<T> reject(EventExecutor answerOn, String why) {
        rejected.increment();
        return answerOn.newFailedFuture(new OffloadRejectedException(why));
    }

    private boolean reserve() {
        int waiting = depth.get();
        while (waiting < queueLimit) {
            if (depth.compareAndSet(waiting, waiting + 1)) {
                return true;
            }
            waiting = depth.get();
        }
        return false;
    }

    /** After a cancellation: whoever gets the task out of the queue, this or a worker, frees its place and counts it. */
    private void dropped(OffloadTask<?> task) {
        if (queue.remove(task)) {
            depth.decrementAndGet();
            cancelled.increment();
        }
    }

    private void run(OffloadTask<?> task) {
        long beganNanos = ticker.nanos();
        begun.increment();
        waitedNanos.add(beganNanos - task.queuedNanos());
        task.run(() -> {
            ranNanos.add(ticker.nanos() - beganNanos);
            completed.increment();
        });
    }

    private void work() {
        while (!closed) {
            try {
                OffloadTask<?> task = queue.take();
                depth.decrementAndGet();
                if (task.begin()) {
                    run(task);
                } else {
                    cancelled.increment();
                }
            } catch (InterruptedException e) {
                // close() wants the loop's condition looked at; an interrupt left behind by work means nothing here
            }
        }
    }
}
