package io.penstock.router;

import io.penstock.router.config.EngineList;
import io.penstock.router.config.FileContent;
import io.penstock.router.config.RouterConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code penstock serve}: the router until the process is told to end. Threading: the main thread. */
@Command(
        name = "serve",
        description = {
            "Runs the router until Ctrl-C or SIGTERM.",
            "A changed FILE is taken while it runs; SIGHUP takes it at once.",
            "Either -c FILE, or --engines URL,URL for one pool with every default.",
            "Running streams may finish at the end."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);
    private static final int DEFAULT_PORT = 8080;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file.")
    private @Nullable Path file;

    @Option(
            names = "--engines",
            paramLabel = "URL",
            split = ",",
            description = "Engines as http://host:port, separated by commas.")
    private List<String> engines = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "With --engines: the data port; 0 takes a free one (default 8080).")
    private @Nullable Integer port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "With --engines: the admin port; left out or 0 takes a free one.")
    private @Nullable Integer adminPort;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private volatile @Nullable Router running;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Termination termination = Termination.expected();
        if (file != null && Signals.on("HUP", this::reload) != Signals.Had.TAKEN) {
            log.info("SIGHUP is not taken, as under nohup: a changed file is taken within seconds all the same");
        }
        FileContent content = file == null ? null : FileContent.read(file);
        Optional<RouterConfig> config = config(content);
        if (config.isEmpty()) {
            return ExitCode.USAGE;
        }
        Router router = Router.start(config.get(), new FileOutputStream(FileDescriptor.out), termination::ready);
        if (file != null && content != null) {
            router.follow(file, content);
        }
        running = router;
        return termination.await(router::drainAndClose, router::close);
    }

    /** A signal that comes before the router runs is too early to mean a change. */
    private void reload() {
        Router router = running;
        if (router != null) {
            router.reload();
        }
    }

    private Optional<RouterConfig> config(@Nullable FileContent content) {
        if (file == null && engines.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "needs -c FILE or --engines URL,URL");
        }
        if (file == null || content == null) {
            int data = port == null ? DEFAULT_PORT : port;
            int admin = adminPort == null ? 0 : adminPort;
            ConfigSource list = () -> EngineList.config(data, admin, engines);
            return list.loadOrReport("penstock serve", spec.commandLine().getErr());
        }
        if (!engines.isEmpty() || port != null || adminPort != null) {
            throw new ParameterException(
                    spec.commandLine(), "with -c FILE the ports and engines are those of the file");
        }
        ConfigSource read = content::config;
        return read.loadOrReport(file.toString(), spec.commandLine().getErr());
    }
}
