package io.penstock.proxy.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffloadExecutorTest {

    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private final OffloadExecutor executor = new OffloadExecutor("offload", 1, 2);
    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        executor.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void workRunsOnANamedDaemonAndItsAnswerArrivesOnTheLoopThatAsked() throws Exception {
        Promise<Boolean> onLoop = new DefaultPromise<>(loop);
        Future<Thread> answer = executor.submit(loop, Thread::currentThread);
        answer.addListener(ignored -> onLoop.setSuccess(loop.inEventLoop()));

        assertThat(answer.get().getName()).startsWith("offload-");
        assertThat(answer.get().isDaemon()).isTrue();
        assertThat(onLoop.get()).isTrue();
        assertThat(executor.completed()).isEqualTo(1);
    }

    @Test
    void whatTheWorkThrowsFailsTheFutureAndTheThreadGoesOn() throws Exception {
        Future<String> failed = executor.submit(loop, () -> {
            throw new AssertionError("broken");
        });

        assertThat(failed.await().cause()).isInstanceOf(AssertionError.class);
        assertThat(executor.submit(loop, () -> "next").get()).isEqualTo("next");
        assertThat(executor.completed()).isEqualTo(2);
    }

    @Test
    void anInterruptThatWorkLeavesBehindHarmsNobody() throws Exception {
        Future<String> rude = executor.submit(loop, () -> {
            Thread.currentThread().interrupt();
            return "rude";
        });

        assertThat(rude.get()).isEqualTo("rude");
        assertThat(executor.submit(loop, () -> "next").get()).isEqualTo("next");
    }

    @Test
    void aFullQueueRejectsAtOnceAndWithoutAStackTrace() throws Exception {
        Future<String> running = block();
        Future<Integer> first = executor.submit(loop, () -> 1);
        Future<Integer> second = executor.submit(loop, () -> 2);

        Future<Integer> third = executor.submit(loop, () -> 3);

        assertThat(List.of(running, first, second)).noneMatch(Future::isDone);
        assertThat(third.cause())
                .isInstanceOf(OffloadRejectedException.class)
                .hasMessageContaining("full")
                .extracting(Throwable::getStackTrace)
                .isEqualTo(new StackTraceElement[0]);
        assertThat(executor.depth()).isEqualTo(2);
        assertThat(executor.submitted()).isEqualTo(4);
        assertThat(executor.rejected()).isEqualTo(1);
    }

    @Test
    void cancelledWorkIsNeverRunAndItsPlaceIsFree() throws Exception {
        Future<String> running = block();
        AtomicInteger runs = new AtomicInteger();
        Future<Integer> first = executor.submit(loop, runs::incrementAndGet);
        Future<Integer> second = executor.submit(loop, runs::incrementAndGet);

        assertThat(first.cancel(false)).isTrue();
        assertThat(executor.depth()).isEqualTo(1);
        Future<Integer> third = executor.submit(loop, runs::incrementAndGet);
        gate.countDown();

        assertThat(running.get()).isEqualTo("done");
        assertThat(second.get()).isEqualTo(1);
        assertThat(third.get()).isEqualTo(2);
        assertThat(executor.depth()).isZero();
        assertThat(executor.cancelled()).isEqualTo(1);
        assertThat(executor.completed()).isEqualTo(3);
    }

    @Test
    void workThatHasBegunCannotBeCancelledSoThatWhatItReadsStaysAlive() throws Exception {
        Future<String> running = block();

        assertThat(running.cancel(true)).isFalse();
        assertThat(running.isDone()).isFalse();
        gate.countDown();

        assertThat(running.get()).isEqualTo("done");
        assertThat(executor.cancelled()).isZero();
    }

    @Test
    void closingCancelsWhatIsQueuedInterruptsWhatRunsAndTakesNoMore() throws Exception {
        Future<String> running = block();
        Future<Integer> queued = executor.submit(loop, () -> 1);

        executor.close();

        assertThat(running.await().cause()).isInstanceOf(InterruptedException.class);
        assertThat(queued.isCancelled()).isTrue();
        assertThat(executor.submit(loop, () -> 2).cause())
                .isInstanceOf(OffloadRejectedException.class)
                .hasMessageContaining("closed");
        assertThat(executor.depth()).isZero();
        assertThat(executor.rejected()).isEqualTo(1);
    }

    @Test
    void racingSubmitsCancelsAndRejectionsAddUp() throws Exception {
        OffloadExecutor racing = new OffloadExecutor("race", 2, 16);
        AtomicInteger runs = new AtomicInteger();
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Future<Integer> future = racing.submit(loop, runs::incrementAndGet);
            futures.add(future);
            if (i % 3 == 0) {
                future.cancel(false);
            }
        }
        for (Future<?> future : futures) {
            future.await();
        }
        racing.close();

        assertThat(racing.completed()).isEqualTo(runs.get()).isPositive();
        assertThat(racing.completed() + racing.cancelled() + racing.rejected())
                .isEqualTo(racing.submitted())
                .isEqualTo(20_000);
        assertThat(futures.stream().filter(Future::isSuccess)).hasSize(runs.get());
        assertThat(racing.depth()).isZero();
    }

    @Test
    void itNeedsAThreadAndAPlace() {
        assertThatThrownBy(() -> new OffloadExecutor("none", 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OffloadExecutor("none", 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Occupies the only thread until the gate opens. */
    private Future<String> block() throws InterruptedException {
        Future<String> running = executor.submit(loop, () -> {
            began.countDown();
            gate.await();
            return "done";
        });
        began.await();
        return running;
    }
}
