package io.penstock.router;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.offload.OffloadRejectedException;
import io.penstock.router.request.InferenceRequest;
import io.penstock.router.route.BodyScans;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/** Scans large bodies on threads of its own, with a bounded queue. Threading: called on every event loop. */
final class ScanThreads implements BodyScans, AutoCloseable {

    private static final int MAX_QUEUED = 256;

    private final OffloadExecutor threads;

    /** Scans on {@code count} threads. */
    ScanThreads(int count) {
        threads = new OffloadExecutor("penstock-scan", count, MAX_QUEUED);
    }

    /** The threads and their counters. */
    OffloadExecutor executor() {
        return threads;
    }

    @Override
    public Future<InferenceRequest> submit(EventExecutor answerOn, Callable<InferenceRequest> scan) {
        Future<InferenceRequest> answer = threads.submit(answerOn, scan);
        return answer.cause() instanceof OffloadRejectedException full
                ? answerOn.newFailedFuture(new RejectedExecutionException(full))
                : answer;
    }

    /** Takes no more scans and stops the threads. */
    @Override
    public void close() {
        threads.close();
    }
}
