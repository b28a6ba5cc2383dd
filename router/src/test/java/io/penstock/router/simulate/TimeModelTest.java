package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimeModelTest {

    private static final TimeModel MODEL =
            new TimeModel(Duration.ofMillis(100), Duration.ofMillis(1), Duration.ofMillis(10), 11, 3);

    @Test
    void aLoneRequestIsNotSlowed() {
        assertThat(MODEL.prefillNanos(0, 1)).isEqualTo(100_000_000);
        assertThat(MODEL.interTokenNanos(1)).isEqualTo(10_000_000);
    }

    @Test
    void uncachedTokensLengthenThePrefill() {
        assertThat(MODEL.prefillNanos(50, 1)).isEqualTo(150_000_000);
    }

    @Test
    void timesGrowInAStraightLineToTheLoadFactor() {
        assertThat(MODEL.interTokenNanos(6)).isEqualTo(20_000_000);
        assertThat(MODEL.interTokenNanos(11)).isEqualTo(30_000_000);
        assertThat(MODEL.prefillNanos(50, 11)).isEqualTo(450_000_000);
    }

    @Test
    void oneSlotKnowsNoGrowth() {
        assertThat(MODEL.withSlots(1).interTokenNanos(1)).isEqualTo(10_000_000);
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> MODEL.withSlots(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TimeModel.of(Duration.ofMillis(-1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimeModel(Duration.ZERO, Duration.ZERO, Duration.ZERO, 2, 0.5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
