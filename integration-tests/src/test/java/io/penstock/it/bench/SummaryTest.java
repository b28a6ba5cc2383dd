package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SummaryTest {

    private final Summary summary = new Summary(Scenario.all().get(0));

    static Measurement measurement(long proxyCpuMicros, double delay) {
        Tally.Counts counts = new Tally.Counts(10_000, 100, 2_500, delay, delay * 3);
        CpuTimes cpu = new CpuTimes(proxyCpuMicros, 500_000, proxyCpuMicros + 560_000);
        return new Measurement(
                counts, Duration.ofSeconds(2), cpu, new Traffic(80_000, 12_000, 3_000, 40_000), 204_800, 51_200);
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Summary.median(9, 1, 5)).isEqualTo(5);
        assertThat(Summary.median(9, 1, 5, 6)).isEqualTo(5.5);
        assertThat(Summary.median(3)).isEqualTo(3);
    }

    @Test
    void figuresFollowFromCountsAndTime() {
        Measurement one = measurement(400_000, 50);
        assertThat(one.cpuPerChunk()).isEqualTo(40);
        assertThat(one.cpuPerAnswer()).isEqualTo(4000);
        assertThat(one.clientCpuPerChunk()).isEqualTo(8);
        assertThat(one.readsPerChunk()).isEqualTo(1.2);
        assertThat(one.writesPerChunk()).isEqualTo(0.3);
        assertThat(one.packetsPerChunk()).isEqualTo(4);
        assertThat(one.clientReadsPerChunk()).isEqualTo(0.25);
        assertThat(one.perSecond(true)).isEqualTo(5000);
        assertThat(one.perSecond(false)).isEqualTo(50);
        assertThat(one.proxyBusyPercent()).isEqualTo(20);
        assertThat(one.othersBusyPercent()).isEqualTo(25);
        assertThat(one.strangersPercent()).isEqualTo(3);
    }

    @Test
    void addedDelayAndQuotientsAreTakenRoundByRound() {
        summary.add(
                Map.of("direct", measurement(0, 100), "router", measurement(300, 150), "haproxy", measurement(200, 1)));
        summary.add(
                Map.of("direct", measurement(0, 900), "router", measurement(900, 960), "haproxy", measurement(300, 1)));
        summary.add(
                Map.of("direct", measurement(0, 100), "router", measurement(200, 170), "haproxy", measurement(200, 1)));
        assertThat(summary.added("router", one -> one.counts().delayP50Micros()))
                .hasValue(60);
        assertThat(summary.timesHaproxy("router", Measurement::cpuPerChunk).orElseThrow())
                .isCloseTo(1.5, within(1e-9));
        assertThat(summary.timesHaproxy("haproxy", Measurement::cpuPerChunk)).hasValue(1);
    }

    @Test
    void thereIsNoComparisonWithWhatWasNotMeasured() {
        summary.add(Map.of("router", measurement(300, 150)));
        assertThat(summary.added("router", Measurement::cpuPerChunk)).isEmpty();
        assertThat(summary.timesHaproxy("router", Measurement::cpuPerChunk)).isEmpty();
    }
}
