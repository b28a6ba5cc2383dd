package io.penstock.proxy.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffloadLanesTest {

    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private final ManualTicker ticker = new ManualTicker();
    private final OffloadLanes lanes = new OffloadLanes("lanes", 2, 100, new OffloadLanes.Sizes(10, 1000), ticker);
    private final Gate gate = new Gate();

    @AfterEach
    void close() {
        gate.open();
        lanes.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void smallWorkDoesNotWaitBehindHugeWork() throws Exception {
        List<Future<Boolean>> burst = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            burst.add(lanes.submit(loop, 1000, () -> {
                gate.await();
                return true;
            }));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(lanes.submit(loop, 999, () -> "small").get()).isEqualTo("small");
        }
        assertThat(burst).noneMatch(Future::isDone);

        gate.open();
        for (Future<Boolean> huge : burst) {
            assertThat(huge.get()).isTrue();
        }
    }

    @Test
    void theSmallestWorkRunsOnTheLoopThatAsks() throws Exception {
        Thread ran = loop.submit(
                        () -> lanes.submit(loop, 9, Thread::currentThread).getNow())
                .get();

        assertThat(loop.inEventLoop(ran)).isTrue();
        assertThat(lanes.inline()).isEqualTo(1);
        assertThat(lanes.submit(loop, 9, Thread::currentThread).get().getName()).startsWith("lanes-");
    }

    @Test
    void whatInlineWorkThrowsFailsItsFuture() throws Exception {
        Throwable cause = loop.submit(() -> lanes.submit(loop, 1, () -> {
                            throw new IllegalStateException("broken");
                        })
                        .cause())
                .get();

        assertThat(cause).hasMessage("broken");
    }

    @Test
    void timeInTheQueueAndAtWorkIsCountedApart() throws Exception {
        Gate running = new Gate();
        Future<Boolean> first = lanes.submit(loop, 2000, () -> {
            running.open();
            gate.await();
            return true;
        });
        running.await();
        Future<Boolean> second = lanes.submit(loop, 2000, () -> true);
        ticker.advance(Duration.ofMillis(7));
        gate.open();

        assertThat(first.get() && second.get()).isTrue();
        assertThat(lanes.huge().waitedNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(7));
        assertThat(lanes.huge().ranNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(7));
        assertThat(lanes.huge().begun()).isEqualTo(2);
    }

    @Test
    void queuedWorkThatIsCancelledIsNotDone() throws Exception {
        Gate running = new Gate();
        Future<Boolean> first = lanes.submit(loop, 2000, () -> {
            running.open();
            gate.await();
            return true;
        });
        running.await();
        Future<Boolean> unwanted = lanes.submit(loop, 2000, () -> {
            throw new AssertionError("nobody wants this any more");
        });

        assertThat(unwanted.cancel(false)).isTrue();
        gate.open();

        assertThat(first.get()).isTrue();
        assertThat(lanes.submit(loop, 2000, () -> "next").get()).isEqualTo("next");
        assertThat(lanes.huge().cancelled()).isEqualTo(1);
        assertThat(lanes.huge().begun()).isEqualTo(2);
    }
}
