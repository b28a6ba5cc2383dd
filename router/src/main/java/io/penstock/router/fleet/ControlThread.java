package io.penstock.router.fleet;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane on a daemon thread of its own. Threading: any thread. */
final class ControlThread implements ControlPlane {

    private static final Logger log = LoggerFactory.getLogger(ControlThread.class);

    private final Ticker ticker;
    private final ScheduledThreadPoolExecutor executor;

    ControlThread(Ticker ticker) {
        this.ticker = ticker;
        this.executor =
                new ScheduledThreadPoolExecutor(1, ControlThread::thread, new ThreadPoolExecutor.DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "penstock-control");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable event) {
        executor.execute(() -> runLogged(event));
    }

    @Override
    public void schedule(Duration delay, Runnable event) {
        var unused = executor.schedule(() -> runLogged(event), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** An executor would swallow what an event throws; a defect here must be seen, and must not stop the next event. */
    private static void runLogged(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | AssertionError defect) {
            log.error("a control event failed; the fleet stays as it was", defect);
        }
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
