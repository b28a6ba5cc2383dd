package io.penstock.router.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A small file that is read again when it changes, such as a secret that Kubernetes mounts. It is told by its content, as
 * neither time nor size must differ after the swap of a symbolic link. Threading: confined to the thread that refreshes.
 */
final class SecretFile {

    private static final int MAX_BYTES = 1 << 20;

    private final Path path;
    private byte[] content = {};

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or has more than 1 MiB
     */
    SecretFile(String path) throws IOException {
        this.path = Path.of(path);
        this.content = read();
    }

    /** Reads it again; true if it has changed. */
    boolean refresh() throws IOException {
        byte[] now = read();
        boolean changed = !Arrays.equals(now, content);
        content = now;
        return changed;
    }

    private byte[] read() throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] read = in.readNBytes(MAX_BYTES + 1);
            if (read.length > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            return read;
        }
    }

    /** What it holds. */
    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Where it is. */
    @Override
    public String toString() {
        return path.toString();
    }
}
