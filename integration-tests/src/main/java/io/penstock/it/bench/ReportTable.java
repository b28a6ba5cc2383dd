package io.penstock.it.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The result as a Markdown table that is also readable as it is. Threading: the main thread. */
final class ReportTable {

    private static final String NONE = "-";
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

    private final List<String[]> rows = new ArrayList<>();

    ReportTable() {
        rows.add(HEADINGS.toArray(String[]::new));
    }

    /** Adds the rows of one scenario. */
    void add(Summary summary) {
        for (String peer : summary.peers()) {
            rows.add(row(summary, peer));
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

    private static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? number(value.getAsDouble(), decimals) : NONE;
    }

    private static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : NONE;
    }

    /** The table, numbers to the right. */
    String markdown() {
        int columns = HEADINGS.size();
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        append(text, rows.get(0), widths);
        append(text, rule(widths), widths);
        rows.subList(1, rows.size()).forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static String[] rule(int... widths) {
        return Arrays.stream(widths)
                .mapToObj(width -> "-".repeat(width - 1) + ":")
                .toArray(String[]::new);
    }

    private static void append(StringBuilder text, String[] cells, int... widths) {
        text.append('|');
        for (int i = 0; i < cells.length; i++) {
            text.append(' ')
                    .append(" ".repeat(widths[i] - cells[i].length()))
                    .append(cells[i])
                    .append(" |");
        }
        text.append('\n');
    }
}
