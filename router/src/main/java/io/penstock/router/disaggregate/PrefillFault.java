package io.penstock.router.disaggregate;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.Locale;

/** Why a prefill came to nothing, as it is counted. Threading: immutable. */
public enum PrefillFault {
    /** No prefill engine may be picked. */
    NO_ENGINE("no prefill engine can take the request now"),
    /** Every prefill engine holds as many requests as it may. */
    NO_ROOM("no prefill engine has room for the request"),
    /** The engine could not be connected to. */
    UNREACHABLE("the prefill engine could not be reached"),
    /** The connection broke before the answer was complete. */
    RESET("the prefill engine closed the connection"),
    /** The answer was not complete in time. */
    TIMEOUT("the prefill engine did not answer in time"),
    /** The engine answered with an error status. */
    STATUS("the prefill engine answered with an error"),
    /** The engine answered with an error and status 200. */
    ERROR_IN_200("the prefill engine answered with an error and status 200"),
    /** The answer does not tell where the KV cache is: decode would silently prefill by itself. */
    NO_PARAMETERS("the prefill engine's answer has no kv_transfer_params"),
    /** The answer is no JSON object, or too long. */
    UNREADABLE("the prefill engine's answer cannot be read");

    private static final int RETRY_AFTER_SECONDS = 2;

    private final String text;

    PrefillFault(String text) {
        this.text = text;
    }

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String text() {
        return text;
    }

    /** True if another prefill engine may do better at once. */
    boolean isWorthAnother() {
        return this != TIMEOUT && this != NO_ENGINE && this != NO_ROOM;
    }

    /** What the client is told where it is told: an overload is none of the engines' failures, and passes. */
    ProxyFailure told() {
        return this == NO_ROOM
                ? ProxyFailure.of(FailureKind.OVERLOADED, text).retryAfter(RETRY_AFTER_SECONDS)
                : ProxyFailure.of(FailureKind.PREFILL_FAILED, text);
    }

    static PrefillFault of(ProxyFailure failure) {
        FailureKind kind = failure.kind();
        return switch (kind) {
            case CONNECT_FAILED, CONNECT_TIMEOUT -> UNREACHABLE;
            case FIRST_TOKEN_TIMEOUT -> TIMEOUT;
            case BAD_RESPONSE -> UNREADABLE;
            default -> RESET;
        };
    }
}
