package io.penstock.router.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Names of files as they are written. Threading: pure functions. */
public final class FileName {

    private FileName() {}

    /** Why this cannot be the name of a file where the process runs, in words for an operator; empty if it can. */
    public static Optional<String> problem(String written) {
        try {
            var unused = Path.of(written);
            return Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.of(ScalarReader.echo(written) + " cannot be the name of a file in this process's locale ("
                    + System.getProperty("sun.jnu.encoding") + "); start it with LC_ALL=C.UTF-8, or write ASCII only");
        }
    }
}
