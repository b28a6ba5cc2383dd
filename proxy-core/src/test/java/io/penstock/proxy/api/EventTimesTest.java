package io.penstock.proxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The times between events. */
final class EventTimesTest {

    private final EventTimes times = new EventTimes();

    private void arrived(int together, long atMillis) {
        times.arrived(together, TimeUnit.MILLISECONDS.toNanos(atMillis));
    }

    private int gapsUpTo(long millis) {
        int kind = IntStream.range(0, EventTimes.kinds() - 1)
                .filter(i -> EventTimes.bound(i) >= TimeUnit.MILLISECONDS.toNanos(millis))
                .findFirst()
                .orElse(EventTimes.kinds() - 1);
        return times.gaps(kind);
    }

    @Test
    void aStreamOfNothingHasNone() {
        arrived(0, 7);
        assertThat(times.events()).isZero();
        assertThat(times.spanNanos()).isZero();
    }

    @Test
    void thereIsOneLessThanEvents() {
        arrived(1, 100);
        arrived(1, 120);
        arrived(0, 125);
        arrived(3, 140);
        arrived(1, 60_000);
        assertThat(times.events()).isEqualTo(6);
        assertThat(times.spanNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(59_900));
        assertThat(gapsUpTo(20)).isEqualTo(2);
        assertThat(gapsUpTo(0)).as("together").isEqualTo(2);
        assertThat(gapsUpTo(60_000)).as("beyond all bounds").isEqualTo(1);
        assertThat(IntStream.range(0, EventTimes.kinds()).map(times::gaps).sum())
                .isEqualTo(5);
    }

    @Test
    void theFirstOnesMayComeTogether() {
        arrived(4, 100);
        assertThat(times.events()).isEqualTo(4);
        assertThat(gapsUpTo(0)).isEqualTo(3);
    }
}
