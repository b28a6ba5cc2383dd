package io.penstock.router;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.config.ConfigException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code penstock demo}: a router over three simulated engines, a tour with streamed chats, and an address to try.
 * Threading: the main thread.
 */
@Command(
        name = "demo",
        description = {
            "Shows a router with three simulated engines at work.",
            "Chats with sessions arrive token by token, and where each went is told.",
            "Then it stays up for you to try. Nothing leaves this machine."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--once", description = "End after the tour, with code 0 if everything went as it should.")
    private boolean once;

    @Option(
            names = "--disaggregated",
            description = "One of the engines prefills the prompts, the others decode the answers.")
    private boolean disaggregated;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        quiet();
        try (EventLoops loops = new EventLoops("demo-engine", 1);
                DemoEngines engines = disaggregated ? DemoEngines.apart(loops) : DemoEngines.whole(loops);
                Router router = Router.start(engines.config())) {
            DemoScreen screen = DemoScreen.on(spec.commandLine().getOut());
            DemoTour tour = new DemoTour(screen, engines.names(), router);
            boolean answered = tour.run(engines.title());
            boolean good = engines.tellHandovers(screen) && answered;
            if (once) {
                return good ? ExitCode.OK : ExitCode.SOFTWARE;
            }
            Termination termination = Termination.expected();
            termination.ready();
            tour.invite();
            return termination.await(router::close, router::close);
        }
    }

    /** The tour is what there is to read; the log shows only what goes wrong, unless a level was asked for. */
    private static void quiet() {
        if (System.getenv("PENSTOCK_LOG_LEVEL") == null
                && LoggerFactory.getLogger("io.penstock") instanceof Logger logger) {
            logger.setLevel(Level.WARN);
        }
    }
}
