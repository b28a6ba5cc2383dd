package io.penstock.router.fleet;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.EngineClient;

/**
 * What one health probe found. Threading: immutable.
 *
 * @param good true if the engine is well
 * @param finding what came back, for the log: {@code GET /health was answered with 500}, {@code the engine refused the
 *     connection}
 */
record ProbeOutcome(boolean good, String finding) {

    /** The outcome of a probe of {@code path}, which is done. */
    static ProbeOutcome of(String path, Future<?> done) {
        if (done.isSuccess() && done.getNow() instanceof EngineClient.Reply reply) {
            return new ProbeOutcome(reply.status() / 100 == 2, "GET " + path + " was answered with " + reply.status());
        }
        Throwable cause = done.cause();
        return new ProbeOutcome(false, cause == null ? "no answer" : String.valueOf(cause.getMessage()));
    }
}
