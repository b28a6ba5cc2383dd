package io.penstock.proxy.offload;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.runtime.Ticker;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/**
 * Work whose length follows from its size, such as tokenizing, in two lanes: small work never waits for huge work, as each
 * lane has threads and a queue of its own. Work so small that a hop to another thread and back costs more than it runs
 * inline, on the loop that asks.
 *
 * <p>Guarantee: as {@link OffloadExecutor}'s, for each lane.
 *
 * <p>Threading: any thread.
 */
public final class OffloadLanes implements AutoCloseable {

    private final OffloadExecutor small;
    private final OffloadExecutor huge;
    private final Sizes sizes;
    private final LongAdder inline = new LongAdder();

    /**
     * Which work goes where; the unit is the caller's, bytes for instance.
     *
     * @param inlineBelow smaller work runs on the loop
     * @param hugeFrom work from this size on goes to the lane of huge work
     */
    public record Sizes(int inlineBelow, int hugeFrom) {}

    /**
     * Starts the threads.
     *
     * @param name the first part of the threads' names
     * @param threads in both lanes together; half of them, rounded down, take huge work, and each lane has at least one
     * @param queueLimit how many pieces of work may wait in each lane
     * @param sizes which work goes where
     * @param ticker for how long work waited and ran
     */
    public OffloadLanes(String name, int threads, int queueLimit, Sizes sizes, Ticker ticker) {
        int forHuge = Math.max(1, threads / 2);
        this.small = new OffloadExecutor(name, Math.max(1, threads - forHuge), queueLimit, ticker);
        this.huge = new OffloadExecutor(name + "-huge", forHuge, queueLimit, ticker);
        this.sizes = sizes;
    }

    /**
     * Runs {@code work} in the lane for its size, or inline, when the future is complete at once. The rest is as
     * {@link OffloadExecutor#submit} says.
     */
    public <T> Future<T> submit(EventExecutor answerOn, int size, Callable<T> work) {
        if (size < sizes.inlineBelow() && answerOn.inEventLoop()) {
            return runInline(answerOn, work);
        }
        return (size < sizes.hugeFrom() ? small : huge).submit(answerOn, work);
    }

    private <T> Future<T> runInline(EventExecutor loop, Callable<T> work) {
        inline.increment();
        try {
            return loop.newSucceededFuture(work.call());
        } catch (Throwable failure) {
            return loop.newFailedFuture(failure);
        }
    }

    /** The lane of work that is not huge. */
    public OffloadExecutor small() {
        return small;
    }

    /** The lane of huge work. */
    public OffloadExecutor huge() {
        return huge;
    }

    /** Pieces of work that ran on the loop that asked. */
    public long inline() {
        return inline.sum();
    }

    /** Closes both lanes; not to be called on an event loop. */
    @Override
    public void close() {
        small.close();
        huge.close();
    }
}
