package io.penstock.router.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A value made of files, made anew when their content changes. The content is compared, not its date or its link: so a
 * volume that Kubernetes swaps by a symbolic link, a copy, and an editor's rename are one and the same. A new content is
 * tried once, when it was the same at two looks, so that a certificate is not taken before its key is there, too; while it
 * cannot be used, the old value stays.
 *
 * <p>Threading: {@link #value} from any thread, the rest on the control plane.
 */
final class WatchedFiles<T> {

    /** Makes a value of the files. */
    @FunctionalInterface
    interface Source<T> {
        T load() throws TlsFileException;
    }

    private final List<Path> files;
    private final Source<T> source;
    private volatile T value;
    private String content;
    private String seen;

    /**
     * Loads the files for the first time.
     *
     * @throws TlsFileException if they cannot be used
     */
    WatchedFiles(List<Path> files, Source<T> source) throws TlsFileException {
        this.files = List.copyOf(files);
        this.source = source;
        this.content = fingerprint();
        this.seen = content;
        this.value = source.load();
    }

    T value() {
        return value;
    }

    List<Path> files() {
        return files;
    }

    /** Looks at the files: nothing happens if they are as before, else one of the two is told. */
    void controlPoll(Consumer<T> reloaded, Consumer<TlsFileException> refused) {
        String now = fingerprint();
        boolean settled = now.equals(seen);
        seen = now;
        if (now.equals(content) || !settled) {
            return;
        }
        content = now;
        try {
            T fresh = source.load();
            value = fresh;
            reloaded.accept(fresh);
        } catch (TlsFileException e) {
            refused.accept(e);
        }
    }

    /** A file that cannot be read is a content of its own. */
    private String fingerprint() {
        StringBuilder all = new StringBuilder();
        for (Path file : files) {
            try {
                all.append(HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(file))));
            } catch (IOException e) {
                all.append(Objects.toString(e));
            }
            all.append('\n');
        }
        return all.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
