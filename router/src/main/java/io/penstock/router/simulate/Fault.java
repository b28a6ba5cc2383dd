package io.penstock.router.simulate;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one request, written as a list of words, for instance {@code delay=500ms, cut-after=3}:
 *
 * <pre>
 * delay=TIME            nothing happens for that long
 * status=CODE           an error of that status; with retry-after=TEXT that header too
 * reset-before-head     RST (HTTP/1.1) or RST_STREAM INTERNAL_ERROR instead of an answer
 * refuse-stream         RST_STREAM REFUSED_STREAM; as reset-before-head on HTTP/1.1
 * stall-after=N         silence after N tokens; the slot stays taken until the client leaves
 * cut-after=N           the connection is closed after N tokens, without the final chunk
 * reset-after=N         RST or RST_STREAM after N tokens
 * error-event-first     the error event of vLLM instead of the first token
 * error-event-after=N   the same after N tokens
 * close-after-response  the connection is closed, unannounced, behind a complete answer
 * trickle               every byte of the body is a chunk of its own
 * no-health             from now on /health answers 503
 * </pre>
 *
 * Threading: immutable.
 *
 * @param delay before the request is looked at
 * @param status an error to answer, 0 for none
 * @param retryAfter the {@code retry-after} header of that error
 * @param close whether the connection is closed behind a complete answer
 * @param trickle whether the body comes byte by byte
 * @param noHealth whether the engine's health goes down with this request
 * @param breakage how a generation breaks
 * @param after how many tokens of each choice it breaks after
 */
record Fault(
        Duration delay,
        int status,
        @Nullable String retryAfter,
        boolean close,
        boolean trickle,
        boolean noHealth,
        Breakage breakage,
        int after) {

    /** How a request breaks. */
    enum Breakage {
        NONE,
        RESET_BEFORE_HEAD,
        REFUSE_STREAM,
        STALL,
        CUT,
        RESET,
        ERROR_EVENT
    }

    /** The request header that carries the list. */
    static final String HEADER = "x-sim-fault";

    static final Fault NONE = new Fault(Duration.ZERO, 0, null, false, false, false, Breakage.NONE, 0);

    /**
     * Reads a list of words.
     *
     * @throws IllegalArgumentException naming the word that is none
     */
    static Fault parse(@Nullable String list) {
        Fault fault = NONE;
        if (list == null || list.isBlank()) {
            return fault;
        }
        for (String word : list.split("[,;]", -1)) {
            fault = fault.with(word.trim().toLowerCase(Locale.ROOT));
        }
        return fault;
    }

    /** True if a generation breaks once {@code sent} tokens of each choice are out. */
    boolean breaksAt(int sent) {
        return breakage != Breakage.NONE && sent >= after;
    }

    private Fault with(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        return switch (name) {
            case "delay" ->
                new Fault(TimeText.parse(value), status, retryAfter, close, trickle, noHealth, breakage, after);
            case "status" -> new Fault(delay, statusCode(value), retryAfter, close, trickle, noHealth, breakage, after);
            case "retry-after" -> new Fault(delay, status, value, close, trickle, noHealth, breakage, after);
            case "close-after-response" ->
                new Fault(delay, status, retryAfter, true, trickle, noHealth, breakage, after);
            case "trickle" -> new Fault(delay, status, retryAfter, close, true, noHealth, breakage, after);
            case "no-health" -> new Fault(delay, status, retryAfter, close, trickle, true, breakage, after);
            case "reset-before-head" -> breaking(Breakage.RESET_BEFORE_HEAD, 0);
            case "refuse-stream" -> breaking(Breakage.REFUSE_STREAM, 0);
            case "stall-after" -> breaking(Breakage.STALL, count(value));
            case "cut-after" -> breaking(Breakage.CUT, count(value));
            case "reset-after" -> breaking(Breakage.RESET, count(value));
            case "error-event-first" -> breaking(Breakage.ERROR_EVENT, 0);
            case "error-event-after" -> breaking(Breakage.ERROR_EVENT, count(value));
            default -> throw new IllegalArgumentException("unknown fault '" + word + "'");
        };
    }

    private Fault breaking(Breakage how, int tokens) {
        return new Fault(delay, status, retryAfter, close, trickle, noHealth, how, tokens);
    }

    private static int statusCode(String value) {
        int code = count(value);
        if (code < 400 || code > 599) {
            throw new IllegalArgumentException("status must be 400 to 599, is " + value);
        }
        return code;
    }

    private static int count(String value) {
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is no number", e);
        }
    }
}
