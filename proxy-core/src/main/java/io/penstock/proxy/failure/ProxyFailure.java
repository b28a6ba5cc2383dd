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
    private final Hints hints;

    private ProxyFailure(
            FailureKind kind, String message, ReplaySafety replaySafety, Hints hints, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.replaySafety = replaySafety;
        this.hints = hints;
    }

    /** What the client may do instead, as headers. Threading: immutable. */
    private record Hints(int retryAfterSeconds, @Nullable String allow) {
        static final Hints NONE = new Hints(0, null);
    }

    /** A failure before anything was sent to an engine. */
    public static ProxyFailure of(FailureKind kind, String message) {
        return new ProxyFailure(kind, message, ReplaySafety.NOT_SENT, Hints.NONE, null);
    }

    /** A failure of an attempt, with the transport's exception where there is one. */
    public static ProxyFailure of(FailureKind kind, String message, ReplaySafety safety, @Nullable Throwable cause) {
        return new ProxyFailure(kind, message, safety, Hints.NONE, cause);
    }

    /** The same failure, telling the client to come back after so many seconds ({@code Retry-After}). */
    public ProxyFailure retryAfter(int seconds) {
        return new ProxyFailure(kind, message(), replaySafety, new Hints(seconds, hints.allow()), getCause());
    }

    /** The same failure, telling the client which methods there are ({@code Allow}, RFC 9110, section 15.5.6). */
    public ProxyFailure allow(String methods) {
        return new ProxyFailure(
                kind, message(), replaySafety, new Hints(hints.retryAfterSeconds(), methods), getCause());
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
        return hints.retryAfterSeconds();
    }

    /** The methods for {@code Allow}, or null for none. */
    public @Nullable String allowedMethods() {
        return hints.allow();
    }

    /** What the client reads: never an address, a prompt or a key. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
