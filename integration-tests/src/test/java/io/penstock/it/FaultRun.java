package io.penstock.it;

import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.LeakGuard;
import io.penstock.router.Router;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.TimeModel;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Many streams over four simulated engines that are killed, reset, stalled and restarted all the while, by a configuration file that changes, at times for the worse. Each stream must be
 * complete to the byte or end honestly, and afterwards nothing may be left: no ticket, no connection, no buffer. Run as a
 * program it prints a table and exits with 1 if anything was violated. Threading: the thread that runs it; it blocks.
 */
final class FaultRun {

    private static final int STREAMS = 2000;
    private static final int ENGINES = 4;
    private static final int CLIENTS = 24;

    private final int streams;
    private final long seed;
    private final ConcurrentLinkedQueue<FaultStream.Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private Map<FaultMaker.Fault, Integer> made = Map.of();
    private double taken;
    private double refused;

    FaultRun(int streams, long seed) {
        this.streams = streams;
        this.seed = seed;
    }

    /** Runs with the words {@code STREAMS SEED}, of which either may be left out. */
    public static void main(String[] arguments) throws Exception {
        String[] words = String.join(" ", arguments).strip().split(" +", -1);
        int streams = words[0].isEmpty() ? STREAMS : Integer.parseInt(words[0]);
        FaultRun run = new FaultRun(streams, words.length > 1 ? Long.parseLong(words[1]) : 1);
        run.run();
        run.print(System.out);
        System.exit(run.violations().isEmpty() ? 0 : 1);
    }

    /** What must not be; empty after a good run. */
    List<String> violations() {
        return violations;
    }

    /** How many streams ended so. */
    long ended(FaultStream.End end) {
        return outcomes.stream().filter(outcome -> outcome.end() == end).count();
    }

    /** Configurations that were taken while streams ran. */
    int taken() {
        return (int) taken;
    }

    /** Configurations that were refused meanwhile, as they should be. */
    int refused() {
        return (int) refused;
    }

    void run() throws InterruptedException, IOException {
        List<SimulatedEngine> engines =
                Stream.generate(FaultRun::engine).limit(ENGINES).toList();
        try (ChangingConfig config = new ChangingConfig(engines)) {
            Router router = config.start();
            try (RouterUnderTest under = RouterUnderTest.of(router)) {
                stream(engines, under, () -> config.change(router));
                under.awaitNothingInFlight();
                countReloads(under, config.changes());
                expectNone("client connections", under.metric("penstock_client_connections", ""));
            }
            for (SimulatedEngine engine : engines) {
                awaitNoConnection(engine);
            }
        } catch (AssertionError | ConditionTimeoutException e) {
            violations.add(String.valueOf(e.getMessage()));
        } finally {
            engines.forEach(SimulatedEngine::close);
        }
        checkBuffers();
        outcomes.stream()
                .filter(outcome -> outcome.end().compareTo(FaultStream.End.WRONG_BYTES) >= 0)
                .forEach(outcome -> violations.add(outcome.end() + ", " + outcome.detail()));
        expectNone("streams without an end", streams - outcomes.size());
    }

    private void countReloads(RouterUnderTest under, int changes) {
        await().alias("every change of the configuration taken or refused")
                .atMost(Gate.LIMIT)
                .until(() -> under.metric("penstock_config_reloads_total", "") >= changes);
        taken = under.metric("penstock_config_reloads_total", "success");
        refused = under.metric("penstock_config_reloads_total", "refused");
    }

    private void stream(List<SimulatedEngine> engines, RouterUnderTest under, Runnable reload)
            throws InterruptedException {
        FaultMaker faults = new FaultMaker(engines, reload, seed);
        Thread breaking = new Thread(faults, "faults");
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        breaking.start();
        for (int i = 0; i < streams; i++) {
            FaultStream stream = new FaultStream(i);
            clients.execute(() -> outcomes.add(stream.run(under.port())));
        }
        clients.shutdown();
        if (!clients.awaitTermination(10, TimeUnit.MINUTES)) {
            violations.add("streams did not end within 10 minutes");
            clients.shutdownNow();
        }
        breaking.interrupt();
        breaking.join();
        made = new EnumMap<>(faults.made());
    }

    private static SimulatedEngine engine() {
        return SimulatedEngine.start(SimulatedEngineOptions.builder()
                .time(TimeModel.of(Duration.ofMillis(5), Duration.ofMillis(3)))
                .build());
    }

    private static void awaitNoConnection(SimulatedEngine engine) {
        await().alias("connections left over at an engine")
                .atMost(Gate.LIMIT)
                .until(() -> engine.counters().connections() == 0
                        && engine.counters().running() == 0
                        && engine.counters().waiting() == 0);
    }

    private void checkBuffers() {
        try {
            LeakGuard.check();
        } catch (AssertionError e) {
            violations.add(e.getMessage() + " " + e.getCause());
        }
    }

    private void expectNone(String what, double count) {
        if (count != 0) {
            violations.add(what + ": " + count);
        }
    }

    /** Writes the table. */
    void print(PrintStream out) {
        out.println("streams");
        for (FaultStream.End end : FaultStream.End.values()) {
            out.printf("  %-22s %6d%n", end.name().toLowerCase(Locale.ROOT), ended(end));
        }
        out.println("faults");
        made.forEach((fault, times) -> out.printf("  %-22s %6d%n", fault.name().toLowerCase(Locale.ROOT), times));
        out.printf("configurations%n  %-22s %6d%n  %-22s %6d%n", "taken", taken(), "refused", refused());
        out.println("violations");
        out.printf("  %-22s %6d%n", "all", violations.size());
        violations.stream().limit(20).forEach(violation -> out.println("  " + violation));
    }
}
