package io.penstock.router;

import io.penstock.router.config.FileName;
import io.penstock.router.metrics.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line. Exit codes: 0 for success, 1 for a failure at run time, 2 for a wrong call or a wrong configuration.
 * Threading: the main thread.
 */
@Command(
        name = "penstock",
        description = "A non-blocking router for pools of LLM inference engines.",
        footer = {
            "",
            "First steps:",
            "  penstock demo",
            "  penstock serve --engines http://10.0.0.11:8000,http://10.0.0.12:8000",
            "  penstock prepare    once where it was copied to: it then starts sooner there",
            "",
            "PENSTOCK_LOG_LEVEL is error, warn, info, debug or trace; PENSTOCK_JAVA_OPTS are options of the JVM."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer> {

    private static final List<String> COMMANDS = List.of("serve", "check", "demo", "simulate", "hash-key");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** The command line, ready to execute {@code args}: a named command alone, as to read all of them delays the start. */
    static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Main());
        boolean named = args.length > 0 && COMMANDS.contains(args[0]);
        COMMANDS.stream()
                .filter(name -> !named || name.equals(args[0]))
                .forEach(name -> line.addSubcommand(name, command(name)));
        line.registerConverter(Path.class, Main::file);
        return line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof IOException) {
                command.getErr().println("penstock: " + failure.getMessage());
            } else {
                failure.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    private static Path file(String written) {
        FileName.problem(written).ifPresent(problem -> {
            throw new TypeConversionException(problem);
        });
        return Path.of(written);
    }

    private static Callable<Integer> command(String name) {
        return switch (name) {
            case "serve" -> new ServeCommand();
            case "check" -> new CheckCommand();
            case "demo" -> new DemoCommand();
            case "simulate" -> new SimulateCommand();
            case "hash-key" -> new HashKeyCommand();
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    /** Without a command: tells which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    /** What {@code --version} prints. Threading: the main thread. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Build build = Build.read();
            return new String[] {"penstock " + build.version(), "Java " + build.java() + ", Netty " + build.netty()};
        }
    }
}
