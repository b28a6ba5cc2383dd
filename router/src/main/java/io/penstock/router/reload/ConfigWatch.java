package io.penstock.router.reload;

import io.penstock.router.config.FileContent;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.files.Lookout;
import java.nio.file.Path;

/**
 * Follows a configuration file. The file is read in turn and compared: the operating system's notices do not tell of exchanged
 * links, network file systems and mounts alike.
 *
 * <p>Threading: any thread.
 */
public final class ConfigWatch implements AutoCloseable {

    private final Lookout files;
    private final Reload reload;
    private volatile boolean closed;

    private ConfigWatch(Lookout files, Reload reload) {
        this.files = files;
        this.reload = reload;
    }

    /**
     * What is followed.
     *
     * @param file the file
     * @param content what it held when the router was started
     * @param started the configuration in that
     */
    public record Followed(Path file, FileContent content, RouterConfig started) {}

    /**
     * Begins to follow a file.
     *
     * @param files looks at it in turn
     * @param taker given every new configuration that has no problem; puts it in force, and tells the observer then
     * @param observer told of those that were refused
     */
    public static ConfigWatch start(Followed followed, Lookout files, ConfigTaker taker, ReloadObserver observer) {
        var watch = new ConfigWatch(files, new Reload(followed, taker, observer));
        files.watch(watch::look);
        return watch;
    }

    private void look() {
        if (!closed) {
            reload.look();
        }
    }

    /** Loads the file soon, whether it has changed or not; not once this is closed. */
    public void load() {
        files.soon(() -> {
            if (!closed) {
                reload.load();
            }
        });
    }

    /** Looks at the file no more. */
    @Override
    public void close() {
        closed = true;
    }
}
