package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.router.request.InferenceRequest;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/** Where large bodies are scanned, off the event loops. Threading: called on every event loop. */
@FunctionalInterface
public interface BodyScans {

    /** Has no room for any scan, so that all of them run on the event loops. */
    BodyScans NONE = (answerOn, scan) -> answerOn.newFailedFuture(new RejectedExecutionException("no scan threads"));

    /**
     * Runs a scan on another thread. Never blocks and never throws.
     *
     * @param answerOn the executor the answer's listeners run on
     * @return the scan's result, or the {@link io.penstock.proxy.failure.ProxyFailure} it ended with; any other failure,
     *     at once where there is no room, says that the scan was not run and is not running, and it then runs on the loop
     */
    Future<InferenceRequest> submit(EventExecutor answerOn, Callable<InferenceRequest> scan);
}
