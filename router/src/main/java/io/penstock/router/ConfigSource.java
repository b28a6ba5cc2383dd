package io.penstock.router;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigReport;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.RouterConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command has its configuration from. Threading: the main thread.
 */
@FunctionalInterface
interface ConfigSource {

    /** The configuration. */
    RouterConfig load() throws ConfigException;

    /** A file. */
    static ConfigSource file(Path file) {
        return () -> FileContent.read(file).config();
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
            return Optional.empty();
        }
    }
}
