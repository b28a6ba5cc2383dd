package io.penstock.router.tls;

import io.penstock.router.files.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A value made of PEM files, made anew when their content changes, as {@link FileWatch} says; while it cannot be used, the old
 * value stays.
 *
 * <p>Threading: {@link #value} from any thread, the rest on the thread that looks at files.
 */
final class WatchedFiles<T> {

    /** Makes a value of the files. */
    @FunctionalInterface
    interface Source<T> {
        T load() throws TlsFileException;
    }

    private final List<Path> files;
    private final Source<T> source;
    private final FileWatch watch;
    private volatile T value;

    /**
     * Loads the files for the first time.
     *
     * @throws TlsFileException if they cannot be used
     */
    WatchedFiles(List<Path> files, Source<T> source) throws TlsFileException {
        this.files = List.copyOf(files);
        this.source = source;
        this.watch = new FileWatch(files, PemFile.LARGEST);
        this.value = source.load();
    }

    T value() {
        return value;
    }

    List<Path> files() {
        return files;
    }

    /** Looks at the files: nothing happens if they are as before, else one of the two may be told. */
    void look(Consumer<T> reloaded, Consumer<IOException> refused) {
        watch.look(
                now -> {
                    T fresh = source.load();
                    value = fresh;
                    reloaded.accept(fresh);
                },
                refused);
    }
}
