package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeTextTest {

    @Test
    void numbersWithAUnitAreTimes() {
        assertThat(TimeText.parse("250us")).isEqualTo(Duration.ofNanos(250_000));
        assertThat(TimeText.parse(" 20ms ")).isEqualTo(Duration.ofMillis(20));
        assertThat(TimeText.parse("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(TimeText.parse("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(TimeText.parse("0")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "ms", "-1s", "1h", "1 s", "1e3ms"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> TimeText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
