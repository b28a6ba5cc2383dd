package io.penstock.router.discovery;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigReport;
import io.penstock.router.config.EngineFile;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.PoolConfig.EngineConfig;
import io.penstock.router.files.FileReading;
import io.penstock.router.files.FileWatch;
import io.penstock.router.files.Lookout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Engines listed in a file of their own. When it is read again is decided by {@link FileWatch}; a file with any problem changes
 * nothing.
 *
 * <p>Threading: confined to the thread that looks at files; started and closed on any.
 */
final class FileSource implements EngineSource {

    private final Path file;
    private final Lookout files;
    private final EngineTrust trust;
    private @Nullable FileWatch watch;
    private @Nullable FoundEngines taken;
    private volatile @Nullable Future<?> looks;
    private volatile boolean closed;

    /** Makes ready to speak TLS to the engines of the pool. Threading: may block. */
    interface EngineTrust {

        /**
         * Reads what is needed.
         *
         * @throws IOException if it cannot be used
         */
        void learn() throws IOException;
    }

    FileSource(Path file, Lookout files, EngineTrust trust) {
        this.file = file;
        this.files = files;
        this.trust = trust;
    }

    @Override
    public void start(Listener listener) {
        files.soon(() -> look(listener));
        looks = files.watch(() -> look(listener));
    }

    /** Looks once, and says again what is still so. */
    void look(Listener listener) {
        if (closed) {
            return;
        }
        if (watch == null) {
            watch = new FileWatch(List.of(file), FileContent.MAX_BYTES);
            watch.judgeNow(this::take, problem -> listener.failed(told(problem)));
        } else {
            watch.look(this::take, problem -> listener.failed(told(problem)));
        }
        if (taken != null && watch.problem() == null) {
            listener.found(taken);
        }
    }

    private static String told(IOException problem) {
        return String.valueOf(problem.getMessage());
    }

    private void take(List<FileReading> now) throws IOException {
        FileReading reading = now.get(0);
        if (!reading.obstacle().isEmpty()) {
            throw new IOException(reading.obstacle());
        }
        List<EngineConfig> engines = enginesIn(reading.text());
        if (engines.stream().anyMatch(EngineConfig::secure)) {
            trust.learn();
        }
        taken = FoundEngines.all(engines);
    }

    private List<EngineConfig> enginesIn(String text) throws IOException {
        try {
            return EngineFile.parse(text).engines();
        } catch (ConfigException e) {
            throw new IOException(ConfigReport.of(file.toString(), e.problems()), e);
        }
    }

    @Override
    public void close() {
        closed = true;
        Future<?> scheduled = looks;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
