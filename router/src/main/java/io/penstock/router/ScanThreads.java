package io.penstock.router;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.router.request.InferenceRequest;
import io.penstock.router.route.BodyScans;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Scans large bodies on threads of its own, with a bounded queue. Threading: called on every event loop. */
final class ScanThreads implements BodyScans, AutoCloseable {

    private static final int MAX_QUEUED = 256;

    private final ThreadPoolExecutor threads;

    /** Scans on up to {@code count} threads, which are started as they are needed. */
    ScanThreads(int count) {
        threads = new ThreadPoolExecutor(
                count,
                count,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_QUEUED),
                new DefaultThreadFactory("penstock-scan", true));
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public Future<InferenceRequest> submit(EventExecutor answerOn, Callable<InferenceRequest> scan) {
        Promise<InferenceRequest> answer = answerOn.newPromise();
        try {
            threads.execute(() -> run(scan, answer));
        } catch (RejectedExecutionException e) {
            answer.setFailure(e);
        }
        return answer;
    }

    private static void run(Callable<InferenceRequest> scan, Promise<InferenceRequest> answer) {
        try {
            answer.trySuccess(scan.call());
        } catch (Throwable failure) {
            answer.tryFailure(failure);
        }
    }

    /** Takes no more scans; those in the queue are finished, so that every body is given back. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
