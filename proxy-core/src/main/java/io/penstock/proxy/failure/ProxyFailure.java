package io.penstock.proxy.failure;

import org.jspecify.annotations.Nullable;

/**
 * One failure of one request: its kind, a message the client may read, and how safe another attempt is. It carries no
 * stack trace, as it is an expected event and a value; {@link #getCause()} holds the transport's exception if there was
 * one. Threading: immutable.
 */
public final class ProxyFailure extends Exception {

    private final FailureKind kind;
    private final ReplaySafety replaySafety;
    private final int retryAfterSeconds;

    private ProxyFailure(
            FailureKind kind,
            String message,
            ReplaySafety replaySafety,
            int retryAfterSeconds,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.replaySafety = replaySafety;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** A failure before anything was sent to an engine. */
    public static ProxyFailure of(FailureKind kind, String message) {
        return new ProxyFailure(kind, message, ReplaySafety.NOT_SENT, 0, null);
    }

    /** A failure of an attempt, with the transport's exception where there is one. */
    public static ProxyFailure of(FailureKind kind, String message, ReplaySafety safety, @Nullable Throwable cause) {
        return new ProxyFailure(kind, message, safety, 0, cause);
    }

    /** The same failure, telling the client to come back after so many seconds ({@code Retry-After}). */
    public ProxyFailure retryAfter(int seconds) {
        return new ProxyFailure(kind, message(), replaySafety, seconds, getCause());
    }

    /** What happened. */
    public FailureKind kind() {
        return kind;
    }

    /** How far the attempt came. */
    public ReplaySafety replaySafety() {
        return replaySafety;
    }

    /** Seconds for {@code Retry-After}, or 0 for none. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** What the client reads: never an address, a prompt or a key. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
