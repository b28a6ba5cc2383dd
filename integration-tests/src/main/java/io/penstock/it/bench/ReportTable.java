package io.penstock.it.bench;

import static io.penstock.it.bench.MarkdownTable.NONE;
import static io.penstock.it.bench.MarkdownTable.number;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The result of all loads but those of the stream interval. Threading: the main thread. */
final class ReportTable {

    private static final List<String> HEADINGS = List.of(
            "load",
            "through",
            "per s",
            "µs CPU/chunk",
            "µs CPU/request",
            "x HAProxy",
            "delay p50",
            "added p50",
            "delay p99",
            "added p99",
            "KiB/stream",
            "MiB",
            "proxy %",
            "others %",
            "noise %");

    private final MarkdownTable table = new MarkdownTable(HEADINGS);

    /** Adds the rows of one scenario. */
    void add(Summary summary) {
        for (String peer : summary.peers()) {
            table.add(row(summary, peer));
        }
    }

    private static String[] row(Summary summary, String peer) {
        Scenario scenario = summary.scenario();
        boolean stream = scenario.shape().stream();
        boolean proxy = !peer.equals(Peer.DIRECT);
        boolean delays = scenario.paced();
        ToDoubleFunction<Measurement> cost = stream ? Measurement::cpuPerChunk : Measurement::cpuPerAnswer;
        ToDoubleFunction<Measurement> p50 = one -> one.counts().delayP50Micros();
        ToDoubleFunction<Measurement> p99 = one -> one.counts().delayP99Micros();
        ToDoubleFunction<Measurement> perStream =
                one -> (double) one.grownKib() / scenario.shape().connections();
        return new String[] {
            scenario.name(),
            peer,
            number(summary.median(peer, one -> one.perSecond(stream)), 0),
            proxy && stream ? number(summary.median(peer, Measurement::cpuPerChunk), 2) : NONE,
            proxy ? number(summary.median(peer, Measurement::cpuPerAnswer), 1) : NONE,
            number(summary.timesHaproxy(peer, cost), 2),
            delays ? number(summary.median(peer, p50), 0) : NONE,
            delays ? number(summary.added(peer, p50), 0) : NONE,
            delays ? number(summary.median(peer, p99), 0) : NONE,
            delays ? number(summary.added(peer, p99), 0) : NONE,
            proxy && scenario.holdsStreams() ? number(summary.median(peer, perStream), 1) : NONE,
            proxy ? number(summary.median(peer, one -> one.residentKib() / 1024.0), 0) : NONE,
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
