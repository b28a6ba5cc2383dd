package io.penstock.router;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.ConfigReport;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command has its configuration from. Threading: the main thread.
 */
@FunctionalInterface
interface ConfigSource {

    /** The configuration. */
    RouterConfig load() throws ConfigException, IOException;

    /** A file. */
    static ConfigSource file(Path file) {
        return () -> ConfigLoader.load(file);
    }

    /**
     * Loads it, or prints every problem, one on each line.
     *
     * @param name what it is called in messages
     * @return empty if there were problems
     */
    default Optional<RouterConfig> loadOrReport(String name, PrintWriter err) {
        try {
            return Optional.of(load());
        } catch (ConfigException e) {
            err.println(ConfigReport.of(name, e.problems()));
        } catch (IOException e) {
            err.println(name + ": " + reason(Path.of(name), e));
        }
        return Optional.empty();
    }

    private static String reason(Path file, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read";
        }
        return Files.isDirectory(file) ? "is a folder, not a file" : "cannot be read: " + failure.getMessage();
    }
}
