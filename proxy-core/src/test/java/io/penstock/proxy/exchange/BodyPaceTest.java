package io.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BodyPaceTest {

    private static final int MIB = 1 << 20;

    private final BodyPace pace = new BodyPace(Duration.ofSeconds(60), 0);

    @Test
    void silenceIsBorneForItsTime() {
        pace.pieceCame(seconds(10));
        assertThat(pace.problem(MIB, seconds(69))).isNull();
        ProxyFailure late = Objects.requireNonNull(pace.problem(MIB, seconds(70)));
        assertThat(late.kind()).isEqualTo(FailureKind.REQUEST_TIMEOUT);
        assertThat(late.message()).contains("60000 ms");
    }

    @Test
    void aByteFromTimeToTimeIsNotEnough() {
        pace.pieceCame(seconds(59));
        assertThat(pace.problem(2, seconds(59))).isNull();
        pace.pieceCame(seconds(61));
        assertThat(Objects.requireNonNull(pace.problem(3, seconds(61))).message())
                .contains("16384 bytes a second");
    }

    @Test
    void aSteadyUploadMayTakeLong() {
        for (int second = 1; second < 1000; second++) {
            pace.pieceCame(seconds(second));
            assertThat(pace.problem(second * BodyPace.BYTES_PER_SECOND, seconds(second)))
                    .isNull();
        }
    }

    private static long seconds(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
