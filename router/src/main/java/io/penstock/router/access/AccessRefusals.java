package io.penstock.router.access;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;

/** The texts of what access control refuses. They repeat neither keys nor tokens. Threading: any thread. */
final class AccessRefusals {

    private AccessRefusals() {}

    static ProxyFailure missing() {
        return unauthorized(
                "No API key was given. Send it as 'Authorization: Bearer KEY', or in the header x-api-key or api-key.");
    }

    static ProxyFailure ambiguous(CharSequence header) {
        return unauthorized("The header " + header + " was sent more than once.");
    }

    static ProxyFailure unknownKey() {
        return unauthorized("The API key is not known.");
    }

    /** A token was refused, with the reason as the end of a sentence. */
    static ProxyFailure token(String why) {
        return unauthorized("The token " + why + ".");
    }

    private static ProxyFailure unauthorized(String message) {
        return ProxyFailure.of(FailureKind.UNAUTHORIZED, message);
    }

    static ProxyFailure busy() {
        return ProxyFailure.of(FailureKind.OVERLOADED, "Too many tokens wait to be verified.")
                .retryAfter(1);
    }

    static ProxyFailure forbidden() {
        return ProxyFailure.of(FailureKind.FORBIDDEN, "The API key or token is valid, but not for this.");
    }

    static ProxyFailure rateLimited(String message, int retryAfterSeconds) {
        return ProxyFailure.of(FailureKind.RATE_LIMITED, message).retryAfter(retryAfterSeconds);
    }
}
