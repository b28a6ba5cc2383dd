package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {

    private static final String DATE = "Sat, 01 Aug 2026 10:00:00 GMT";

    @ParameterizedTest
    @CsvSource({"7, 7", "0, 0", "999999999, 999999999"})
    void secondsAreTaken(String value, int seconds) {
        assertThat(RetryAfter.seconds(headers(value))).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"soon", "-3", "1.5", "10000000000", "\u0661", "'Sat, 01 Aug 2026'"})
    void whatMakesNoSenseIsNothing(String value) {
        assertThat(RetryAfter.seconds(headers(value).set("date", DATE))).isZero();
    }

    @Test
    void aDateIsMeasuredAgainstTheResponsesOwn() {
        HttpHeaders headers = headers("Sat, 01 Aug 2026 10:00:30 GMT");
        assertThat(RetryAfter.seconds(headers)).as("without a Date").isZero();
        assertThat(RetryAfter.seconds(headers.set("date", DATE))).isEqualTo(30);
        assertThat(RetryAfter.seconds(headers("Sat, 01 Aug 2026 09:59:30 GMT").set("date", DATE)))
                .as("over already")
                .isZero();
        assertThat(RetryAfter.seconds(headers.set("date", "today"))).isZero();
    }

    @Test
    void withoutTheHeaderThereIsNothing() {
        assertThat(RetryAfter.seconds(new DefaultHttpHeaders())).isZero();
    }

    private static HttpHeaders headers(String value) {
        return new DefaultHttpHeaders().set("retry-after", value);
    }
}
