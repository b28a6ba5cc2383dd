package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.api.StreamInterval.Mode;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.StreamIntervalConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AskedIntervalTest {

    private final AskedInterval interval = interval(true);

    private static AskedInterval interval(boolean merge) {
        return new AskedInterval(new StreamIntervalConfig(
                4,
                Duration.ofMillis(70),
                Mode.BATCH,
                new ByteSize(5000),
                new StreamIntervalConfig.HeaderConfig(16, Duration.ofMillis(200), merge)));
    }

    private StreamInterval asked(String header) throws ProxyFailure {
        return interval.of(headers(header));
    }

    private static HttpHeaders headers(String value) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        return headers.set("X-Penstock-Stream-Interval", value);
    }

    @Test
    void whereMergingIsNotForClientsTheyGetTheRoutesMode() throws ProxyFailure {
        assertThat(interval(false).of(headers("8;mode=merge")))
                .isEqualTo(new StreamInterval(8, 70_000_000, Mode.BATCH, 5000));
    }

    @Test
    void whoAsksForNothingGetsTheRoutes() throws ProxyFailure {
        assertThat(interval.of(new DefaultHttpHeaders()))
                .isEqualTo(new StreamInterval(4, 70_000_000, Mode.BATCH, 5000));
    }

    @ParameterizedTest
    @CsvSource({
        "8,                             8, 70,  BATCH",
        "' 8 ',                         8, 70,  BATCH",
        "8;maxDelay=40ms,               8, 40,  BATCH",
        "8;maxDelay=40ms;mode=merge,    8, 40,  MERGE",
        "'8 ; MODE=Merge ; maxdelay=1s',8, 200, MERGE",
        "100;maxDelay=24h,             16, 200, BATCH",
        "999999999,                    16, 70,  BATCH",
        "1,                             1, 70,  BATCH",
    })
    void whatIsNotNamedIsTheRoutesAndWhatIsTooMuchIsTheMost(String header, int events, int millis, Mode mode)
            throws ProxyFailure {
        assertThat(asked(header)).isEqualTo(new StreamInterval(events, millis * 1_000_000L, mode, 5000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "08",
                "8.5",
                "many",
                "9999999999",
                "8;",
                ";8",
                "8;maxDelay",
                "8;maxDelay=",
                "8;maxDelay=40",
                "8;maxDelay=0ms",
                "8;maxDelay=-1ms",
                "8;mode=both",
                "8;size=1",
                "8;mode=batch;mode=batch",
                "8;maxDelay=1s;mode=batch;maxDelay=1s",
                "8,9"
            })
    void whatIsMalformedIsRefusedWithWhatIsAllowed(String header) {
        assertThatThrownBy(() -> asked(header))
                .isInstanceOfSatisfying(
                        ProxyFailure.class, why -> assertThat(why.kind()).isEqualTo(FailureKind.BAD_REQUEST))
                .hasMessageContaining("x-penstock-stream-interval")
                .hasMessageContaining("8;maxDelay=40ms;mode=batch");
    }
}
