package io.penstock.proxy.failure;

import java.util.Locale;

/**
 * The one table of failures: each value fixes the HTTP status, the OpenAI error type and code, and whose fault it is.
 * The label is the value's name in lower case, the same in metrics, logs and error bodies. Threading: immutable.
 */
public enum FailureKind {
    /** The request's framing is malformed or ambiguous (RFC 9112): refused before any engine sees a byte. */
    BAD_FRAMING(400, "invalid_request_error", Fault.CLIENT),
    /** The request is well framed but its content cannot be routed, such as a body that is not JSON. */
    BAD_REQUEST(400, "invalid_request_error", Fault.CLIENT),
    /** The prompt and what is to be generated are longer than the model's context. */
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", Fault.CLIENT),
    /** The client presented no key or token, or none that is valid. */
    UNAUTHORIZED(401, "invalid_request_error", Fault.CLIENT),
    /** The client's key or token is valid, but not for this. */
    FORBIDDEN(403, "invalid_request_error", Fault.CLIENT),
    /** No such path, or an engine path that no route opens. */
    PATH_NOT_FOUND(404, "invalid_request_error", Fault.CLIENT),
    /** No route or pool serves the model. */
    MODEL_NOT_FOUND(404, "invalid_request_error", Fault.CLIENT),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, "invalid_request_error", Fault.CLIENT),
    /** The client did not send its whole request in time. */
    REQUEST_TIMEOUT(408, "invalid_request_error", Fault.CLIENT),
    /** The body is larger than the configured limit. */
    BODY_TOO_LARGE(413, "invalid_request_error", Fault.CLIENT),
    /** The request line is longer than the configured limit. */
    URI_TOO_LONG(414, "invalid_request_error", Fault.CLIENT),
    /** The header section is larger than the configured limit. */
    HEADERS_TOO_LARGE(431, "invalid_request_error", Fault.CLIENT),
    /** The client or the route has used up what it may ask for in a time. */
    RATE_LIMITED(429, "rate_limit_error", Fault.CLIENT),
    /** The router sheds load. */
    OVERLOADED(429, "rate_limit_error", Fault.ROUTER),
    /** The client left before the answer was complete; nobody reads this status. */
    CLIENT_GONE(499, "invalid_request_error", Fault.CLIENT),
    /** The client read nothing of its answer for too long; nobody reads this status. */
    CLIENT_STALLED(499, "invalid_request_error", Fault.CLIENT),
    /** A defect in the router. */
    INTERNAL(500, "server_error", Fault.ROUTER),
    /** The engine's name did not resolve or its port refused the connection. */
    CONNECT_FAILED(502, "server_error", Fault.ENGINE),
    /** The engine closed or reset the connection before the answer was complete. */
    ENGINE_RESET(502, "server_error", Fault.ENGINE),
    /** The engine answered that it has no room, and no other engine was asked or could be. */
    ENGINE_BUSY(429, "rate_limit_error", Fault.ENGINE),
    /** The engine answered with an error of its own, and no other engine was asked or could be. */
    ENGINE_ERROR(502, "server_error", Fault.ENGINE),
    /** The engine's answer is not valid HTTP. */
    BAD_RESPONSE(502, "server_error", Fault.ENGINE),
    /** The engine that had to prefill the prompt for another one failed, and the pool's policy allows no other way. */
    PREFILL_FAILED(502, "server_error", Fault.ENGINE),
    /** The pool has no engine that may be picked. */
    NO_ENGINE(503, "server_error", Fault.ROUTER),
    /** Request bodies fill the memory that they may take. */
    BUFFERS_FULL(503, "server_error", Fault.ROUTER),
    /** The router, or the client's address, has as many connections as it may have. */
    TOO_MANY_CONNECTIONS(503, "server_error", Fault.ROUTER),
    /** The router is shutting down. */
    DRAINING(503, "server_error", Fault.ROUTER),
    /** The engine accepted no connection in time. */
    CONNECT_TIMEOUT(504, "server_error", Fault.ENGINE),
    /** The engine sent no first byte in time. */
    FIRST_TOKEN_TIMEOUT(504, "server_error", Fault.ENGINE),
    /** The engine fell silent within its answer. */
    BETWEEN_TOKENS_TIMEOUT(504, "server_error", Fault.ENGINE),
    /** The request was not through in the time that its route or its client allows; no single engine is to blame. */
    TOTAL_TIMEOUT(504, "server_error", Fault.ROUTER);

    private final int status;
    private final String type;
    private final Fault fault;
    private final String label;

    FailureKind(int status, String type, Fault fault) {
        this.status = status;
        this.type = type;
        this.fault = fault;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status the client receives while no response head was sent. */
    public int status() {
        return status;
    }

    /** The {@code error.type} of the OpenAI error object. */
    public String type() {
        return type;
    }

    /** Whose fault it is. */
    public Fault fault() {
        return fault;
    }

    /** The metric label and the {@code error.code} of the OpenAI error object. */
    public String label() {
        return label;
    }
}
