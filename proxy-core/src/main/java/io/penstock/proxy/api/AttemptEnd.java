package io.penstock.proxy.api;

import io.penstock.proxy.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended, as told to its {@link Ticket}. Threading: immutable.
 *
 * @param status the engine's HTTP status, or 0 if no response head arrived
 * @param failure what failed, or null if the whole response arrived; {@link FailureKind#CLIENT_GONE} when the client
 *     left, which says nothing about the engine
 * @param firstByteNanos from sending the request to the response head, or -1 if none arrived
 * @param totalNanos from the pick to the end
 * @param retryAfterSeconds how long the engine asked to be left alone, with a 429; 0 if it did not
 */
public record AttemptEnd(
        int status, @Nullable FailureKind failure, long firstByteNanos, long totalNanos, int retryAfterSeconds) {

    /** The end of an attempt on an engine that did not ask to be left alone. */
    public AttemptEnd(int status, @Nullable FailureKind failure, long firstByteNanos, long totalNanos) {
        this(status, failure, firstByteNanos, totalNanos, 0);
    }

    /** The end of an attempt that was never made, as its client had left. */
    public static AttemptEnd unused() {
        return new AttemptEnd(0, FailureKind.CLIENT_GONE, -1, 0);
    }
}
