package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.Gate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The one thread the fleet owns; waits for events, never for time. */
final class ControlThreadTest {

    private final ControlPlane control = ControlPlane.start(Ticker.system());

    @Test
    void eventsRunInOrderOnOneThreadAndADefectStopsNone() throws InterruptedException {
        List<String> seen = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        control.execute(() -> seen.add("first on " + Thread.currentThread().getName()));
        control.execute(() -> {
            throw new IllegalStateException("a defect, on purpose");
        });
        control.execute(() -> seen.add("second on " + Thread.currentThread().getName()));
        control.schedule(Duration.ofMillis(1), done::countDown);

        assertThat(done.await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactly("first on penstock-control", "second on penstock-control");
        control.close();
    }

    @Test
    void onceClosedEventsAreDropped() {
        control.close();
        List<String> seen = new CopyOnWriteArrayList<>();
        control.execute(() -> seen.add("late"));
        control.schedule(Duration.ZERO, () -> seen.add("later"));

        assertThat(seen).isEmpty();
    }
}
