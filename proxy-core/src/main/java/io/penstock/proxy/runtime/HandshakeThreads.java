package io.penstock.proxy.runtime;

import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for the arithmetic of TLS handshakes, which takes milliseconds and would hold up an event loop. They are
 * started with the first handshake and end when there was none for a while. The queue is bounded: a handshake too many is
 * refused ({@link java.util.concurrent.RejectedExecutionException}), and its connection ends. Threading: any thread.
 */
public final class HandshakeThreads implements Executor, AutoCloseable {

    private static final int WAITING = 4096;

    private final ThreadPoolExecutor threads;

    /** Half as many threads as there are cores, at least one: streams that run come before clients that arrive. */
    public HandshakeThreads(String name) {
        int count = Math.max(1, NettyRuntime.availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                count,
                count,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Stops: handshakes under way are given up. Does not wait. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
