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
 */
public record AttemptEnd(int status, @Nullable FailureKind failure, long firstByteNanos, long totalNanos) {}
