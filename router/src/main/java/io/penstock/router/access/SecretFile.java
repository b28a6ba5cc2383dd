package io.penstock.router.access;

import io.penstock.router.files.FileReading;
import io.penstock.router.files.FileWatch;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A small file that is read again when it changes, such as a secret that Kubernetes mounts. Threading: confined to the thread that
 * refreshes.
 */
final class SecretFile {

    private static final int MAX_BYTES = 1 << 20;

    private final Path path;
    private final FileWatch watch;
    private String text;

    /** Judges a new text. */
    @FunctionalInterface
    interface Judge {

        /**
         * Looks at it.
         *
         * @throws IOException if it cannot be used: what was known stays
         */
        void judge(String text) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or has more than 1 MiB
     */
    SecretFile(String path) throws IOException {
        this.path = Path.of(path);
        FileReading first = FileReading.of(this.path, MAX_BYTES);
        this.watch = new FileWatch(this.path, MAX_BYTES, first);
        this.text = textOf(first);
    }

    /**
     * Looks at it again, and takes what is new if {@code judge} has nothing against it.
     *
     * @return whether {@link #text} has changed
     * @throws IOException as long as what it holds cannot be used
     */
    boolean refresh(Judge judge) throws IOException {
        String before = text;
        watch.look(
                now -> {
                    String fresh = textOf(now.get(0));
                    judge.judge(fresh);
                    text = fresh;
                },
                told -> {});
        IOException problem = watch.problem();
        if (problem != null) {
            throw problem;
        }
        return !text.equals(before);
    }

    private String textOf(FileReading reading) throws IOException {
        if (!reading.obstacle().isEmpty()) {
            throw new IOException(path + ": " + reading.obstacle());
        }
        return reading.text();
    }

    /** What it held when it could be used last. */
    String text() {
        return text;
    }

    /** Where it is. */
    @Override
    public String toString() {
        return path.toString();
    }
}
