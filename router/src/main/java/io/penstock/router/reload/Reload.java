package io.penstock.router.reload;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigReport;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.FixedKeys;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.files.FileReading;
import io.penstock.router.files.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the content of a configuration file; when, is decided by {@link FileWatch}. A file with any problem is
 * reported with all of them and otherwise ignored, until it or what it names is mended.
 *
 * <p>Threading: confined to the thread that looks.
 */
final class Reload {

    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final Path file;
    private final FileWatch watch;
    private final RouterConfig started;
    private final ConfigTaker taker;
    private final ReloadObserver observer;

    /** Begins with the content that the running router was started with. */
    Reload(ConfigWatch.Followed followed, ConfigTaker taker, ReloadObserver observer) {
        this.file = followed.file();
        this.watch =
                new FileWatch(file, FileContent.MAX_BYTES, followed.content().reading());
        this.started = followed.started();
        this.taker = taker;
        this.observer = observer;
    }

    /** Looks whether there is something new. */
    void look() {
        watch.look(this::take, this::refused);
    }

    /** Loads the file whether it is new or not. */
    void load() {
        watch.judgeNow(this::take, this::refused);
    }

    private void take(List<FileReading> now) throws IOException {
        RouterConfig next = configIn(now.get(0));
        taker.take(next);
        warnOfFixedKeys(FixedKeys.changed(started, next));
    }

    private RouterConfig configIn(FileReading now) throws IOException {
        try {
            return new FileContent(now).config();
        } catch (ConfigException e) {
            throw new IOException(ConfigReport.of(file.toString(), e.problems()), e);
        }
    }

    private void refused(IOException problem) {
        log.warn("{} is not taken, and the router goes on as before:\n{}", file, problem.getMessage());
        observer.refused();
    }

    private void warnOfFixedKeys(List<String> changed) {
        if (!changed.isEmpty()) {
            log.warn("{}: takes effect with the next start only: {}", file, String.join(", ", changed));
        }
    }
}
