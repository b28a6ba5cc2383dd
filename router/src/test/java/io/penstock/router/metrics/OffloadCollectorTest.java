package io.penstock.router.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.testkit.Gate;
import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work off the loops, as it is exported. */
final class OffloadCollectorTest {

    private final CollectorRegistry registry = new CollectorRegistry();
    private final OffloadExecutor scans = new OffloadExecutor("scan-test", 1, 1);

    @BeforeEach
    void collect() {
        registry.register(new OffloadCollector(() -> Map.of("scan", scans), () -> 3));
    }

    @AfterEach
    void endThreads() {
        scans.close();
    }

    private String text() {
        Exposition exposition = new Exposition(registry, () -> {});
        return new String(exposition.render(exposition.contentType(null)), UTF_8);
    }

    @Test
    void workOffTheLoopsIsCountedByItsName() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<?> running = scans.submit(GlobalEventExecutor.INSTANCE, () -> {
            begun.countDown();
            return go.await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        });
        begun.await();
        Future<?> queued = scans.submit(GlobalEventExecutor.INSTANCE, () -> 1);
        Future<?> refused = scans.submit(GlobalEventExecutor.INSTANCE, () -> 2);

        assertThat(refused.isDone()).isTrue();
        assertThat(text())
                .contains("penstock_offload_queue_depth{work=\"scan\",} 1.0\n")
                .contains("penstock_offload_submitted_total{work=\"scan\",} 3.0\n")
                .contains("penstock_offload_rejected_total{work=\"scan\",} 1.0\n")
                .contains("penstock_scans_on_loop_total 3.0\n");

        queued.cancel(false);
        go.countDown();
        running.await();
        assertThat(text())
                .contains("penstock_offload_queue_depth{work=\"scan\",} 0.0\n")
                .contains("penstock_offload_cancelled_total{work=\"scan\",} 1.0\n")
                .contains("penstock_offload_completed_total{work=\"scan\",} 1.0\n");
    }
}
