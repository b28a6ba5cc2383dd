package io.penstock.router.tls;

import java.io.IOException;
import java.nio.file.Path;

/** A certificate, a key or a list of authorities cannot be used; the message names the file. Threading: immutable. */
public final class TlsFileException extends IOException {

    private final Path file;
    private final String problem;

    TlsFileException(Path file, String problem) {
        super(file + ": " + problem);
        this.file = file;
        this.problem = problem;
    }

    /** The file that is wrong. */
    public Path file() {
        return file;
    }

    /** What is wrong with it. */
    public String problem() {
        return problem;
    }
}
