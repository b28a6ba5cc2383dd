package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({"0s, 0, 0s", "0h, 0, 0s", "500ms, 500, 500ms", "2s, 2000, 2s", "90s, 90000, 90s", "60m, 3600000, 1h"})
    void aDurationIsAWholeNumberAndAUnit(String text, long millis, String canonical) {
        assertThat(Units.duration(text)).contains(Duration.ofMillis(millis));
        assertThat(Units.text(Duration.ofMillis(millis))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "5", "s", "-1s", "+1s", "1 s", "1S", "1sec", "1.5s", "1d", "1h30m", "1000000000000s"})
    void anythingElseIsNoDuration(String text) {
        assertThat(Units.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0B, 0, 0B",
        "1023B, 1023, 1023B",
        "1024B, 1024, 1KiB",
        "3MiB, 3145728, 3MiB",
        "2048MiB, 2147483648, 2GiB",
        "999999999GiB, 1073741822926258176, 999999999GiB"
    })
    void aSizeIsAWholeNumberAndAUnit(String text, long bytes, String canonical) {
        assertThat(Units.size(text)).contains(new ByteSize(bytes));
        assertThat(Units.text(new ByteSize(bytes))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "1K", "1KB", "1kib", "1 KiB", "1.5MiB", "-1B", "1TiB", "1000000000GiB"})
    void anythingElseIsNoSize(String text) {
        assertThat(Units.size(text)).isEmpty();
    }
}
