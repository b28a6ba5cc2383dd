package io.penstock.it.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which processors the proxy has to itself and which are for the client and the engines. Threading: immutable.
 *
 * @param proxy the proxy's, as taskset takes it; empty where nothing can be pinned
 * @param others all others; empty where nothing can be pinned
 */
record Cores(String proxy, String others) {

    private static final Cores UNPINNED = new Cores("", "");

    /** Gives the last of the allowed processors to the proxy, if there are two or more and taskset is installed. */
    static Cores split(String allowed, boolean tasksetInstalled) {
        List<Integer> cores = list(allowed);
        if (!tasksetInstalled || cores.size() < 2) {
            return UNPINNED;
        }
        int last = cores.size() - 1;
        String others = cores.subList(0, last).stream().map(Object::toString).collect(Collectors.joining(","));
        return new Cores(cores.get(last).toString(), others);
    }

    /** The numbers in a list such as {@code 0-3,8}. */
    static List<Integer> list(String ranges) {
        List<Integer> cores = new ArrayList<>();
        for (String range : ranges.split(",", -1)) {
            String[] ends = range.split("-", -1);
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    boolean pinned() {
        return !proxy.isEmpty();
    }

    /** Command words that start a proxy where it belongs. */
    List<String> proxyPrefix() {
        return pinned() ? List.of("taskset", "-c", proxy) : List.of();
    }

    /** Moves this process, and with it every process it starts from now on, away from the proxy's processor. */
    void leaveProxyAlone() throws InterruptedException {
        if (!pinned()) {
            return;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", others, pid)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!taskset.waitFor(5, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
                throw new BenchmarkException("taskset cannot move this process to processors " + others);
            }
        } catch (IOException e) {
            throw new BenchmarkException("taskset does not run", e);
        }
    }

    String describe() {
        return pinned()
                ? "proxy on processor " + proxy + ", client and engines on " + others
                : "nothing pinned (needs taskset and two processors): expect more noise";
    }
}
