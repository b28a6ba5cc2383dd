package io.penstock.it.bench;

import static io.penstock.it.bench.MarkdownTable.NONE;
import static io.penstock.it.bench.MarkdownTable.number;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The result of the loads that measure the stream interval. Threading: the main thread. */
final class IntervalTable {

    private static final List<String> HEADINGS = List.of(
            "load",
            "through",
            "per s",
            "µs CPU/token",
            "x router",
            "writes/token",
            "reads/token",
            "client µs CPU/token",
            "client reads/token",
            "packets/token",
            "delay p50",
            "added p50",
            "delay p99",
            "added p99",
            "proxy %",
            "others %",
            "noise %");

    private final MarkdownTable table = new MarkdownTable(HEADINGS);

    /** Adds the rows of one load. */
    void add(Summary summary) {
        for (String peer : summary.peers()) {
            table.add(row(summary, peer));
        }
    }

    private static String[] row(Summary summary, String peer) {
        boolean proxy = !peer.equals(Peer.DIRECT);
        boolean delays = summary.scenario().kind() == Scenario.Kind.BATCH;
        ToDoubleFunction<Measurement> p50 = one -> one.counts().delayP50Micros();
        ToDoubleFunction<Measurement> p99 = one -> one.counts().delayP99Micros();
        OptionalDouble times = summary.times(peer, Peer.ROUTER, Measurement::cpuPerChunk);
        return new String[] {
            summary.scenario().name(),
            peer,
            number(summary.median(peer, one -> one.perSecond(true)), 0),
            proxy ? number(summary.median(peer, Measurement::cpuPerChunk), 2) : NONE,
            number(times, 2),
            proxy ? number(summary.median(peer, Measurement::writesPerChunk), 3) : NONE,
            proxy ? number(summary.median(peer, Measurement::readsPerChunk), 3) : NONE,
            number(summary.median(peer, Measurement::clientCpuPerChunk), 2),
            number(summary.median(peer, Measurement::clientReadsPerChunk), 3),
            number(summary.median(peer, Measurement::packetsPerChunk), 2),
            delays ? number(summary.median(peer, p50), 0) : NONE,
            delays ? number(summary.added(peer, p50), 0) : NONE,
            delays ? number(summary.median(peer, p99), 0) : NONE,
            delays ? number(summary.added(peer, p99), 0) : NONE,
            proxy ? number(summary.median(peer, Measurement::proxyBusyPercent), 0) : NONE,
            number(summary.median(peer, Measurement::othersBusyPercent), 0),
            number(summary.median(peer, Measurement::strangersPercent), 0)
        };
    }

    /** The table, numbers to the right. */
    String markdown() {
        return table.text();
    }
}
