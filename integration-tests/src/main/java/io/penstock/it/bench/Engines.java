package io.penstock.it.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The packaged simulated engines, in a process of their own. Threading: the main thread.
 *
 * @param process the process of all engines
 * @param addresses where they listen
 */
record Engines(ChildProcess process, List<InetSocketAddress> addresses) implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("^simulated engine (http://\\S+)$");
    private static final int COUNT = 2;

    /** Starts engines with the times of {@code scenario} and room for all its streams. */
    static Engines start(Path home, Scenario scenario) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/penstock").toString());
        command.addAll(List.of("simulate", "--port", "0", "--count", Integer.toString(COUNT)));
        command.addAll(List.of("--protocol", "http1", "--max-model-len", "1000000"));
        command.addAll(List.of("--kv", "nixl", "--prefill-engines", "1"));
        if (scenario.kind() != Scenario.Kind.MERGE) {
            command.add("--stamp");
        }
        command.addAll(List.of("--ttft", scenario.timing().firstToken().toMillis() + "ms"));
        command.addAll(List.of("--inter-token", scenario.timing().interToken().toMillis() + "ms"));
        command.addAll(List.of("--slots", Integer.toString(scenario.shape().connections() + 64)));
        ChildProcess process = ChildProcess.start("engines", command, "");
        List<InetSocketAddress> addresses = process.await(READY, COUNT).stream()
                .map(URI::create)
                .map(url -> new InetSocketAddress(url.getHost(), url.getPort()))
                .toList();
        return new Engines(process, addresses);
    }

    /** The port of one of them. */
    int port() {
        return addresses.get(0).getPort();
    }

    @Override
    public void close() {
        process.close();
    }
}
