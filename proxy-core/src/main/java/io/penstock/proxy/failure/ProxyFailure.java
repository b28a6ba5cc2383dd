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
    private final Advice advice;

    private ProxyFailure(
            FailureKind kind, String message, ReplaySafety replaySafety, Advice advice, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.replaySafety = replaySafety;
        this.advice = advice;
    }

    /** A failure before anything was sent to an engine. */
    public static ProxyFailure of(FailureKind kind, String message) {
        return new ProxyFailure(kind, message, ReplaySafety.NOT_SENT, Advice.NONE, null);
    }

    /** A failure of an attempt, with the transport's exception where there is one. */
    public static ProxyFailure of(FailureKind kind, String message, ReplaySafety safety, @Nullable Throwable cause) {
        return new ProxyFailure(kind, message, safety, Advice.NONE, cause);
    }

    /** The same failure, telling the client to come back after so many seconds ({@code Retry-After}). */
    public ProxyFailure retryAfter(int seconds) {
        return new ProxyFailure(kind, message(), replaySafety, new Advice(seconds, advice.allow()), getCause());
    }

    /** The same failure, naming the methods that are allowed ({@code Allow}; RFC 9110, section 10.2.1), comma-separated. */
    public ProxyFailure allowing(String methods) {
        var allowing = new Advice(advice.retryAfterSeconds(), methods);
        return new ProxyFailure(kind, message(), replaySafety, allowing, getCause());
    }

    /** The same failure in other words. */
    public ProxyFailure saying(String message) {
        return new ProxyFailure(kind, message, replaySafety, advice, getCause());
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
        return advice.retryAfterSeconds();
    }

    /** The methods for {@code Allow}; empty for none. */
    public String allow() {
        return advice.allow();
    }

    /** What the client reads: never a prompt or a key, and an engine's address only where debug headers are on. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** What the client may do instead. */
    private record Advice(int retryAfterSeconds, String allow) {
        static final Advice NONE = new Advice(0, "");
    }
}
