package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void requestsPassUntilTheMinuteIsUsedUpAndComeBackEvenly() {
        RateLimit client = limit(60, 0);
        for (int i = 0; i < 60; i++) {
            assertThat(passes(client, 1)).isTrue();
        }
        ProxyFailure refusal = refusal(Admission.of(client, RateLimit.NONE, 1));
        assertThat(refusal.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
        assertThat(refusal.message()).contains("this client", "60 requests within a minute");

        ticker.advance(Duration.ofSeconds(1));
        assertThat(passes(client, 1)).isTrue();
        assertThat(passes(client, 1)).isFalse();
        ticker.advance(Duration.ofMinutes(10));
        for (int i = 0; i < 60; i++) {
            assertThat(passes(client, 1)).isTrue();
        }
        assertThat(passes(client, 1)).isFalse();
    }

    @Test
    void aRefusedRequestIsChargedToNeither() {
        RateLimit client = limit(10, 1000);
        RateLimit route = limit(0, 100);
        assertThat(Admission.of(client, route, 100).refusal()).isNull();
        ProxyFailure refusal = refusal(Admission.of(client, route, 100));
        assertThat(refusal.message()).contains("this route", "100 tokens");

        HttpHeaders after = headers(Admission.of(client, RateLimit.NONE, 1));
        assertThat(after.get("x-ratelimit-remaining-requests")).isEqualTo("8");
        assertThat(after.get("x-ratelimit-remaining-tokens")).isEqualTo("899");
    }

    @Test
    void theAnswerTellsOfTheLimitWithLessLeft() {
        HttpHeaders told = headers(Admission.of(limit(600, 0), limit(60, 1000), 10));
        assertThat(told.get("x-ratelimit-limit-requests")).isEqualTo("60");
        assertThat(told.get("x-ratelimit-remaining-requests")).isEqualTo("59");
        assertThat(told.get("x-ratelimit-reset-requests")).isEqualTo("1s");
        assertThat(told.get("x-ratelimit-limit-tokens")).isEqualTo("1000");
        assertThat(told.get("x-ratelimit-remaining-tokens")).isEqualTo("990");
        assertThat(told.get("x-ratelimit-reset-tokens")).isEqualTo("600ms");
    }

    @Test
    void aRequestEstimatedAboveTheWholeLimitPassesWhenAllOfItIsThere() {
        RateLimit client = limit(0, 100);
        assertThat(passes(client, 100_000)).isTrue();
        assertThat(passes(client, 1)).isFalse();
        ticker.advance(Duration.ofMinutes(1));
        assertThat(passes(client, 100_000)).isTrue();
    }

    @Test
    void whatWasDeliveredIsChargedBesideTheEstimateOnce() {
        RateLimit client = limit(0, 1000);
        RateLimit route = limit(0, 2000);
        Admission cut = Admission.of(client, route, 500);
        cut.charge().add(100);
        cut.charge().add(100);
        cut.charge().correct(0);
        assertThat(remaining(client)).isEqualTo(399);
        assertThat(remaining(route)).isEqualTo(1399);
        Admission.FREE.charge().add(1);
    }

    @Test
    void whatARequestReallyTookReplacesTheEstimateOnce() {
        RateLimit client = limit(0, 1000);
        Admission cheap = Admission.of(client, RateLimit.NONE, 500);
        cheap.charge().correct(100);
        cheap.charge().correct(0);
        assertThat(remaining(client)).isEqualTo(899);

        Admission.of(client, RateLimit.NONE, 99).charge().correct(2100);
        ProxyFailure refusal = refusal(Admission.of(client, RateLimit.NONE, 1));
        assertThat(refusal.retryAfterSeconds()).isGreaterThan(60);
        ticker.advance(Duration.ofSeconds(72));
        assertThat(passes(client, 1)).isFalse();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(passes(client, 1)).isTrue();
    }

    @Test
    void withoutLimitsNothingIsMade() {
        assertThat(Admission.of(RateLimit.NONE, RateLimit.NONE, 5)).isSameAs(Admission.FREE);
        assertThat(headers(Admission.FREE)).isEmpty();
        Admission.FREE.charge().correct(0);
        assertThat(RateLimit.perMinute(0, 0, ticker).isNone()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0ms",
        "1,1ms",
        "20000000,20ms",
        "999000001,1s",
        "1000000000,1s",
        "59000000000,59s",
        "60000000000,1m0s",
        "359000000001,6m0s",
        "3600000000000,1h0m0s",
        "3725000000000,1h2m5s"
    })
    void durationsAreWrittenAsOpenAiDoes(long nanos, String written) {
        assertThat(QuotaHeaders.duration(nanos)).isEqualTo(written);
    }

    private RateLimit limit(int requests, int tokens) {
        return RateLimit.perMinute(requests, tokens, ticker);
    }

    private static boolean passes(RateLimit client, long tokens) {
        return Admission.of(client, RateLimit.NONE, tokens).refusal() == null;
    }

    private static ProxyFailure refusal(Admission admission) {
        return Objects.requireNonNull(admission.refusal());
    }

    private static long remaining(RateLimit client) {
        return Long.parseLong(headers(Admission.of(client, RateLimit.NONE, 1)).get("x-ratelimit-remaining-tokens"));
    }

    private static HttpHeaders headers(Admission admission) {
        HttpHeaders headers = new DefaultHttpHeaders();
        admission.headers().apply(headers);
        return headers;
    }
}
