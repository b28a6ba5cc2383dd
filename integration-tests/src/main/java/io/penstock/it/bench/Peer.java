package io.penstock.it.bench;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way from the client to the engines: a proxy, or none. Threading: the main thread.
 *
 * @param name direct, router or haproxy
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

    /** The proxy's processor time so far, in microseconds; 0 without a proxy. */
    long cpuMicros() {
        return process == null ? 0 : ProcFiles.cpuMicros(process.pid());
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
