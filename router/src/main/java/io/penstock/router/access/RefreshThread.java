package io.penstock.router.access;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again what may change while the router runs: mounted secrets and issuers' public keys. A failure is logged when it
 * begins and when it ends, and counted; what was known before stays in use. Threading: one daemon thread of its own.
 */
final class RefreshThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RefreshThread.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<List<Refreshed>> all;
    private final LongAdder failures;
    private final Set<Refreshed> failing = new HashSet<>();
    private final ScheduledThreadPoolExecutor thread;

    /** Starts reading whatever {@code all} answers at that time; failures are added to {@code failures}. */
    RefreshThread(Supplier<List<Refreshed>> all, LongAdder failures) {
        this.all = all;
        this.failures = failures;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "penstock-access");
            made.setDaemon(true);
            return made;
        });
        var unused = thread.scheduleWithFixedDelay(
                this::refreshAll, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refreshAll() {
        List<Refreshed> now = all.get();
        failing.retainAll(now);
        now.forEach(this::refresh);
    }

    private void refresh(Refreshed what) {
        try {
            what.refresh();
            if (failing.remove(what)) {
                log.info("{} can be read again", what);
            }
        } catch (IOException | RuntimeException e) {
            failures.increment();
            if (failing.add(what)) {
                log.warn("{} cannot be read, what was known stays in use: {}", what, e.toString());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
