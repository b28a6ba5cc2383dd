package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Retry-After} of a response (RFC 9110, section 10.2.3): seconds, or a date, which is measured against the
 * response's own {@code Date}, so that two clocks need not agree. Threading: pure functions.
 */
public final class RetryAfter {

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /** Seconds to wait, or 0 if there is no such header, it makes no sense, or the time is over. */
    public static int seconds(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.RETRY_AFTER);
        if (value == null || value.isBlank()) {
            return 0;
        }
        String trimmed = value.trim();
        boolean number = trimmed.length() <= MAX_DIGITS && trimmed.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(trimmed) : untilDate(trimmed, headers.get(HttpHeaderNames.DATE));
    }

    private static int untilDate(String value, @Nullable String sent) {
        if (sent == null) {
            return 0;
        }
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            Instant from = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(sent.trim()));
            return (int) Math.max(0, Math.min(Duration.between(from, until).toSeconds(), Integer.MAX_VALUE));
        } catch (DateTimeException notADate) {
            return 0;
        }
    }
}
