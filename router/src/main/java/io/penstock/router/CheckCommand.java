package io.penstock.router;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigProblem;
import io.penstock.router.config.EffectiveTree;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.prompt.LiveTokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock check FILE}. Threading: the main thread. */
@Command(
        name = "check",
        description = {
            "Validates a configuration file, and prints it with every default.",
            "Exit code 2 if anything is wrong, with every problem, its line and column, and what is allowed."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Path given = Objects.requireNonNull(file);
        ConfigSource checked = () -> loaded(ConfigSource.file(given).load());
        Optional<RouterConfig> config =
                checked.loadOrReport(given.toString(), spec.commandLine().getErr());
        config.ifPresent(tree -> {
            spec.commandLine().getOut().print(EffectiveTree.of(tree));
            spec.commandLine().getOut().flush();
        });
        return config.isPresent() ? ExitCode.OK : ExitCode.USAGE;
    }

    /** The same, once its tokenizers were loaded, as at the start of a router. */
    private static RouterConfig loaded(RouterConfig config) throws ConfigException {
        try {
            new LiveTokenizers(config, Ticker.system()).close();
            return config;
        } catch (IOException e) {
            throw new ConfigException(List.of(new ConfigProblem(0, 0, "", String.valueOf(e.getMessage()))));
        }
    }
}
