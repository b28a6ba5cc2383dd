package io.penstock.it.bench;

import io.penstock.proxy.runtime.EventLoops;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what the packaged router costs, beside HAProxy and beside no proxy, on this machine in one run. The result
 * goes to standard output; what each figure means stands in {@code docs/performance.md}. Threading: the main thread.
 */
public final class Benchmark {

    private static final int USAGE_STATUS = 2;

    private final BenchmarkOptions options;
    private final PrintStream out;
    private final Cores cores;

    private Benchmark(BenchmarkOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.cores = Cores.split(
                ProcFiles.allowedCores(), Proxies.executable("taskset").isPresent());
    }

    /**
     * Runs the benchmark on the router packaged in the folder that the system property {@code penstock.home} names.
     *
     * @throws InterruptedException if the thread is interrupted; all processes are ended then
     */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            Path home = Path.of(System.getProperty("penstock.home", "router/target/penstock"))
                    .toAbsolutePath()
                    .normalize();
            new Benchmark(withoutMissing(BenchmarkOptions.parse(arguments)), out).run(home);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage() + "\n" + BenchmarkOptions.USAGE);
            System.exit(USAGE_STATUS);
        } catch (BenchmarkException e) {
            out.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private static BenchmarkOptions withoutMissing(BenchmarkOptions options) {
        return Proxies.haproxy().isPresent() ? options : options.withoutHaproxy();
    }

    private void run(Path home) throws InterruptedException {
        if (!Files.isExecutable(home.resolve("bin/penstock"))) {
            throw new BenchmarkException("no router in " + home + "; build it with mvn -DskipTests package");
        }
        describeMachine();
        cores.leaveProxyAlone();
        Path work = workFolder();
        ReportTable table = new ReportTable();
        IntervalTable intervals = new IntervalTable();
        try (EventLoops loops = new EventLoops("load", 1)) {
            for (Scenario scenario : options.scenarios()) {
                Summary summary = measure(scenario, loops, new Proxies(home, work, cores));
                if (scenario.kind() == Scenario.Kind.USUAL) {
                    table.add(summary);
                } else {
                    intervals.add(summary);
                }
            }
        } finally {
            delete(work);
        }
        out.println("load average afterwards " + ProcFiles.loadAverages() + "; every answer was right");
        out.println();
        out.print(table.markdown());
        out.print(intervals.markdown());
    }

    private void describeMachine() {
        out.println(ProcFiles.processor() + ", processors " + ProcFiles.allowedCores() + ", Linux "
                + System.getProperty("os.version") + ", Java " + System.getProperty("java.version"));
        out.println(cores.describe());
        out.println(options.rounds() + " rounds of " + options.window().toSeconds() + " s; load average before "
                + ProcFiles.loadAverages());
    }

    private Summary measure(Scenario scenario, EventLoops loops, Proxies proxies) throws InterruptedException {
        out.println(scenario.name() + ": " + scenario.shape().connections() + " " + scenario.title() + ", "
                + scenario.shape().tokens() + " tokens each");
        Summary summary = new Summary(scenario);
        try (Stand stand = Stand.open(scenario, options, loops, proxies)) {
            stand.warmUp();
            for (int i = 0; i < options.rounds(); i++) {
                summary.add(stand.round());
            }
        }
        return summary;
    }

    private static Path workFolder() {
        try {
            return Files.createTempDirectory("penstock-bench");
        } catch (IOException e) {
            throw new BenchmarkException("no temporary folder", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
