package io.penstock.router.reload;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigReport;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.FixedKeys;
import io.penstock.router.config.RouterConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a configuration file is loaded again and what becomes of it. Looked at in turn, a content is loaded once it was
 * found twice, so that a file that is being written is not; told to, it is loaded as it is. A file with any problem is reported
 * with all of them and otherwise ignored.
 *
 * <p>Threading: confined to the thread of reloads.
 */
final class Reload {

    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final Path file;
    private final Supplier<FileContent> reading;
    private final RouterConfig started;
    private final Consumer<RouterConfig> taker;
    private final ReloadObserver observer;
    private FileContent decided;
    private FileContent seen;

    /** Begins with the content that the running router was started with. */
    Reload(Followed followed, Consumer<RouterConfig> taker, ReloadObserver observer) {
        this.file = followed.file();
        this.reading = followed.reading();
        this.started = followed.started();
        this.taker = taker;
        this.observer = observer;
        this.decided = followed.content();
        this.seen = decided;
    }

    /**
     * The file that is followed.
     *
     * @param file its name, for the log
     * @param reading reads it
     * @param content what it held when the router was started
     * @param started the configuration in that
     */
    record Followed(Path file, Supplier<FileContent> reading, FileContent content, RouterConfig started) {}

    /** Looks whether there is something new. */
    void look() {
        FileContent now = reading.get();
        boolean settled = now.isSame(seen);
        seen = now;
        if (settled && !now.isSame(decided)) {
            decide(now);
        }
    }

    /** Loads the file whether it is new or not. */
    void load() {
        seen = reading.get();
        decide(seen);
    }

    private void decide(FileContent content) {
        decided = content;
        try {
            RouterConfig next = content.config();
            warnOfFixedKeys(FixedKeys.changed(started, next));
            taker.accept(next);
        } catch (ConfigException e) {
            log.warn(
                    "{} is not taken, and the router goes on as before:\n{}",
                    file,
                    ConfigReport.of(file.toString(), e.problems()));
            observer.refused();
        }
    }

    private void warnOfFixedKeys(List<String> changed) {
        if (!changed.isEmpty()) {
            log.warn("{}: takes effect with the next start only: {}", file, String.join(", ", changed));
        }
    }
}
