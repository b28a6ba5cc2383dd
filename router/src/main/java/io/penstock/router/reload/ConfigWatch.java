package io.penstock.router.reload;

import io.penstock.router.config.FileContent;
import io.penstock.router.config.RouterConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a configuration file on a thread of its own, which may block on the file system. The file is read in turn and compared:
 * the operating system's notices do not tell of exchanged links, network file systems and mounts alike.
 *
 * <p>Threading: any thread.
 */
public final class ConfigWatch implements AutoCloseable {

    /** How often the file is read; a change is taken between one and two of these after its last write. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

    private final ScheduledThreadPoolExecutor thread;
    private final Reload reload;

    private ConfigWatch(Reload reload) {
        this.reload = reload;
        this.thread = new ScheduledThreadPoolExecutor(1, ConfigWatch::thread, new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Begins to follow a file.
     *
     * @param file the file
     * @param content what it held when the router was started
     * @param started the configuration in that
     * @param taker given every new configuration that has no problem; puts it in force, and tells the observer then
     * @param observer told of those that were refused
     */
    public static ConfigWatch start(
            Path file,
            FileContent content,
            RouterConfig started,
            Consumer<RouterConfig> taker,
            ReloadObserver observer) {
        var followed = new Reload.Followed(file, () -> FileContent.read(file), content, started);
        var watch = new ConfigWatch(new Reload(followed, taker, observer));
        long nanos = INTERVAL.toNanos();
        var unused = watch.thread.scheduleWithFixedDelay(
                () -> logged(watch.reload::look), nanos, nanos, TimeUnit.NANOSECONDS);
        return watch;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "penstock-reload");
        thread.setDaemon(true);
        return thread;
    }

    /** An executor would swallow the defect, and look no more. */
    private static void logged(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error defect) {
            log.error("the configuration could not be reloaded; the router goes on as before", defect);
        }
    }

    /** Loads the file soon, whether it has changed or not; not once this is closed. */
    public void load() {
        thread.execute(() -> logged(reload::load));
    }

    /** Looks at the file no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
