package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.prometheus.client.CollectorRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopDelayCanaryTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final CollectorRegistry registry = new CollectorRegistry();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private long now = Long.MAX_VALUE - 5 * MILLI; // the clock wraps while the test runs
    private final LoopDelayCanary canary = new LoopDelayCanary(List.of(loop.eventLoop()), () -> now, registry);

    @AfterEach
    void stop() {
        canary.close();
        loop.finish();
    }

    @Test
    void aTimerInTimeHasNoDelay() {
        loop.freezeTime();
        canary.start();
        beatAfter(10);

        assertThat(sample("penstock_event_loop_delay_seconds_bucket", "5.0E-4")).isEqualTo(1);
        assertThat(max()).isZero();
    }

    @Test
    void aLateTimerIsMeasured() {
        loop.freezeTime();
        canary.start();
        beatAfter(10 + 30);

        assertThat(sample("penstock_event_loop_delay_seconds_bucket", "0.02")).isZero();
        assertThat(sample("penstock_event_loop_delay_seconds_bucket", "0.05")).isEqualTo(1);
        assertThat(max()).isEqualTo(0.030);
    }

    @Test
    void aStallShowsWhileItLasts() {
        loop.freezeTime();
        canary.start();
        now += 210 * MILLI;

        assertThat(max()).isEqualTo(0.200);
    }

    @Test
    void theWorstDelayIsForgottenAfterTwoWindows() {
        loop.freezeTime();
        canary.start();
        beatAfter(10 + 30);
        long window = TimeUnit.NANOSECONDS.toMillis(LoopDelayCanary.WINDOW_NANOS);
        for (long passed = 0; passed <= window; passed += 10) {
            beatAfter(10);
        }
        assertThat(max()).isEqualTo(0.030);

        for (long passed = 0; passed <= window; passed += 10) {
            beatAfter(10);
        }
        assertThat(max()).isZero();
    }

    @Test
    void nothingBeatsAfterClose() {
        loop.freezeTime();
        canary.start();
        canary.close();
        beatAfter(10);

        assertThat(sample("penstock_event_loop_delay_seconds_bucket", "+Inf")).isZero();
    }

    private void beatAfter(long millis) {
        now += millis * MILLI;
        loop.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
    }

    private double max() {
        return registry.getSampleValue(
                "penstock_event_loop_delay_max_seconds", new String[] {"loop"}, new String[] {"0"});
    }

    private double sample(String name, String bucket) {
        return registry.getSampleValue(name, new String[] {"loop", "le"}, new String[] {"0", bucket});
    }
}
