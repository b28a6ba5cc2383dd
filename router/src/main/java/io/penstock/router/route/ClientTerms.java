package io.penstock.router.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.config.Priority;
import io.penstock.router.config.Units;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of its own request: how long it waits for the answer ({@code x-penstock-timeout}, a duration such as
 * {@code 2s} or {@code 500ms}, or plain seconds), and that others may go first ({@code x-penstock-priority}). Neither gains
 * a client anything, so both are taken from everybody. Threading: immutable.
 *
 * @param deadlineNanos when the client gives up, on the {@code Ticker}; means nothing unless {@code bounded}
 * @param bounded whether it gives up at all
 * @param priority the priority it asks for
 */
record ClientTerms(long deadlineNanos, boolean bounded, Priority priority) {

    static final String TIMEOUT = "x-penstock-timeout";
    static final String PRIORITY = "x-penstock-priority";

    private static final ClientTerms NONE = new ClientTerms(0, false, Priority.HIGH);
    private static final int MAX_DIGITS = 9;
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * The terms in the headers of a request; its time began when its head arrived.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} if one is malformed
     */
    static ClientTerms of(RequestHead head) throws ProxyFailure {
        HttpHeaders headers = head.headers();
        String timeout = headers.get(TIMEOUT);
        String priority = headers.get(PRIORITY);
        if (timeout == null && priority == null) {
            return NONE;
        }
        long nanos = timeout == null ? 0 : nanos(timeout.trim());
        return new ClientTerms(head.receivedNanos() + nanos, timeout != null, priority(priority));
    }

    /** The same terms for a request that must be through in {@code total} at most; zero for no limit. */
    ClientTerms within(Duration total, RequestHead head) {
        if (total.isZero()) {
            return this;
        }
        long limit = head.receivedNanos() + total.toNanos();
        boolean later = bounded && deadlineNanos - limit < 0;
        return new ClientTerms(later ? deadlineNanos : limit, true, priority);
    }

    private static long nanos(String text) throws ProxyFailure {
        boolean plain =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        Duration time = Units.duration(plain ? text + "s" : text).orElse(Duration.ZERO);
        if (time.isZero()) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST,
                    "The header " + TIMEOUT + " needs seconds, or " + Units.DURATION_FORM + "; and more than 0.");
        }
        return (time.compareTo(LONGEST) > 0 ? LONGEST : time).toNanos();
    }

    private static Priority priority(@Nullable String text) throws ProxyFailure {
        if (text == null) {
            return Priority.HIGH;
        }
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "high" -> Priority.HIGH;
            case "normal" -> Priority.NORMAL;
            case "low" -> Priority.LOW;
            default ->
                throw ProxyFailure.of(
                        FailureKind.BAD_REQUEST, "The header " + PRIORITY + " needs one of high, normal and low.");
        };
    }

    /** Nanoseconds until the client gives up, 0 or less when it has; {@link Long#MAX_VALUE} if it never does. */
    long timeLeftNanos(long nowNanos) {
        return bounded ? deadlineNanos - nowNanos : Long.MAX_VALUE;
    }
}
