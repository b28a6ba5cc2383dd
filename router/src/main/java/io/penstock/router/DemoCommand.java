package io.penstock.router;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.TimeModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    private static final int ENGINES = 3;
    private static final TimeModel PACE = TimeModel.of(Duration.ofMillis(150), Duration.ofMillis(40));

    @Option(names = "--once", description = "End after the tour, with code 0 if everything went as it should.")
    private boolean once;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        quiet();
        try (EventLoops loops = new EventLoops("demo-engine", 1);
                Engines engines = Engines.start(loops);
                Router router = Router.start(engines.config())) {
            PrintWriter out = spec.commandLine().getOut();
            DemoTour tour = new DemoTour(DemoScreen.on(out), engines.names(), router);
            boolean good = tour.run();
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

    /** The simulated engines. Threading: the main thread. */
    private record Engines(List<SimulatedEngine> all) implements AutoCloseable {

        static Engines start(EventLoops loops) {
            SimulatedEngineOptions options =
                    SimulatedEngineOptions.builder().time(PACE).plainText(true).build();
            List<SimulatedEngine> started = new ArrayList<>();
            for (int i = 0; i < ENGINES; i++) {
                var free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                started.add(SimulatedEngine.start(options, loops, free));
            }
            return new Engines(started);
        }

        List<String> names() {
            return all.stream()
                    .map(engine -> engine.url().substring("http://".length()))
                    .toList();
        }

        RouterConfig config() throws ConfigException {
            String urls = all.stream().map(SimulatedEngine::url).collect(Collectors.joining(", "));
            return ConfigLoader.parse("""
                    server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, debugHeaders: true }
                    pools:
                      - name: demo
                        engines: [%s]
                        models: [sim]
                    """.formatted(urls));
        }

        @Override
        public void close() {
            all.forEach(SimulatedEngine::close);
        }
    }
}
