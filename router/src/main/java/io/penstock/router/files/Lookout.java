package io.penstock.router.files;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread that looks at things in turn and may block on them, so that nothing else does. Whatever one look throws, the
 * others and the next ones take place. Threading: any thread.
 */
public final class Lookout implements AutoCloseable {

    /** The time between the end of a look and the next one. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Lookout.class);

    private final ScheduledThreadPoolExecutor thread;

    /** Starts a thread of this name with the first look. */
    public Lookout(String name) {
        thread = new ScheduledThreadPoolExecutor(
                1,
                work -> {
                    Thread made = new Thread(work, name);
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Takes this look every {@link #INTERVAL} from now on, until what is returned is cancelled; not once this is closed. */
    public Future<?> watch(Runnable look) {
        long nanos = INTERVAL.toNanos();
        return thread.scheduleWithFixedDelay(() -> logged(look), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes this look soon, and once; not once this is closed. */
    public void soon(Runnable look) {
        thread.execute(() -> logged(look));
    }

    /** An executor would swallow what a look throws, and look no more. */
    static void logged(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | Error defect) {
            log.error("a look failed; the router goes on with what it has", defect);
        }
    }

    /** Looks no more; a look that runs is interrupted. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
