package io.penstock.proxy.api;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;

/**
 * Small requests of the router's own to engines, such as probes and model lists, over the same pools and protocols as
 * the traffic. Threading: any thread; the future completes on an event loop.
 */
@FunctionalInterface
public interface EngineClient {

    /**
     * Sends {@code GET path} and reads the whole answer, up to 4 MiB. The call never throws; the future fails with a
     * {@link io.penstock.proxy.failure.ProxyFailure} when no complete answer came within {@code timeout}. Any status is
     * a success. Cancelling the future ends the request.
     */
    Future<Reply> get(Endpoint endpoint, String path, Duration timeout);

    /**
     * Sends {@code POST path} with a JSON body; otherwise as {@link #get}. It may be sent a second time where nothing came back
     * on a connection that was used before.
     */
    default Future<Reply> post(Endpoint endpoint, String path, byte[] json, Duration timeout) {
        return ImmediateEventExecutor.INSTANCE.newFailedFuture(
                new UnsupportedOperationException("this client only gets"));
    }

    /**
     * An engine is not used any more: its idle connections are closed, the others with their last response. Whoever sends it a
     * request afterwards finds it as it was at first.
     */
    default void forget(Endpoint endpoint) {}

    /**
     * An engine's answer.
     *
     * @param status its HTTP status
     * @param body its body, as UTF-8 text
     */
    record Reply(int status, String body) {}
}
