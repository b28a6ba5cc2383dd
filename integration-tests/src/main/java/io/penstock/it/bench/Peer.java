package io.penstock.it.bench;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One way from the client to the engines: a proxy, or none. Threading: the main thread.
 *
 * @param name direct, router, haproxy, disaggregated for a router that prefills and decodes on different engines, or a router
 *     with a stream interval such as batch-8 or merge-8
 * @param addresses where the client connects to
 * @param process the proxy; null without one
 */
record Peer(
        String name,
        List<InetSocketAddress> addresses,
        @Nullable ChildProcess process) implements AutoCloseable {

    static final String DIRECT = "direct";
    static final String ROUTER = "router";
    static final String DISAGGREGATED = "disaggregated";
    static final String HAPROXY = "haproxy";

    private static final Pattern INTERVAL = Pattern.compile("(batch|merge)-(\\d{1,3})");

    /** Long enough for the largest interval at 20 ms for a token. */
    private static final String LONGEST_DELAY = "1s";

    /** True for a router, whatever its configuration. */
    static boolean isRouter(String name) {
        return name.equals(ROUTER) || isApart(name) || INTERVAL.matcher(name).matches();
    }

    /** True for a router whose pool prefills and decodes on different engines. */
    static boolean isApart(String name) {
        return name.equals(DISAGGREGATED);
    }

    /** The route of a router's configuration that the name stands for; empty for the default. */
    static String route(String name) {
        Matcher interval = INTERVAL.matcher(name);
        return interval.matches()
                ? "routes: [{ to: [{ pool: bench }], streamInterval: { events: " + interval.group(2) + ", maxDelay: "
                        + LONGEST_DELAY + ", mode: " + interval.group(1) + " } }]\n"
                : "";
    }

    /** The proxy's processor time so far, in microseconds; 0 without a proxy. */
    long cpuMicros() {
        return process == null ? 0 : ProcFiles.cpuMicros(process.pid());
    }

    /** How often the proxy called the kernel to read and to write so far; never without a proxy. */
    ProcFiles.Calls calls() {
        return process == null ? new ProcFiles.Calls(0, 0) : ProcFiles.calls(process.pid());
    }

    /** The proxy's memory, in KiB; 0 without a proxy. */
    long residentKib() {
        return process == null ? 0 : ProcFiles.residentKib(process.pid());
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
