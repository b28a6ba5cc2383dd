package io.penstock.it.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** All rounds of one scenario; every figure is the median of its rounds. Threading: the main thread. */
final class Summary {

    private final Scenario scenario;
    private final List<Map<String, Measurement>> rounds = new ArrayList<>();

    Summary(Scenario scenario) {
        this.scenario = scenario;
    }

    /** Adds a round: one measurement of each peer, by its name. */
    void add(Map<String, Measurement> round) {
        rounds.add(round);
    }

    Scenario scenario() {
        return scenario;
    }

    /** The peers, in the order in which they were measured. */
    List<String> peers() {
        return List.copyOf(rounds.get(0).keySet());
    }

    /** The median of a figure of one peer. */
    double median(String peer, ToDoubleFunction<Measurement> figure) {
        return median(rounds.stream()
                .map(round -> round.get(peer))
                .mapToDouble(figure)
                .toArray());
    }

    /** The median of the differences, round by round, to the peer without a proxy; empty where that was not measured. */
    OptionalDouble added(String peer, ToDoubleFunction<Measurement> figure) {
        return peer.equals(Peer.DIRECT) ? OptionalDouble.empty() : compared(peer, Peer.DIRECT, figure, false);
    }

    /** The median of the quotients, round by round, to HAProxy; empty where that was not measured. */
    OptionalDouble timesHaproxy(String peer, ToDoubleFunction<Measurement> figure) {
        return times(peer, Peer.HAPROXY, figure);
    }

    /** The median of the quotients, round by round, to another peer; empty where that was not measured. */
    OptionalDouble times(String peer, String other, ToDoubleFunction<Measurement> figure) {
        return peer.equals(Peer.DIRECT) ? OptionalDouble.empty() : compared(peer, other, figure, true);
    }

    private OptionalDouble compared(String peer, String to, ToDoubleFunction<Measurement> figure, boolean quotient) {
        if (!rounds.get(0).containsKey(to)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(median(rounds.stream()
                .mapToDouble(round -> {
                    double own = figure.applyAsDouble(round.get(peer));
                    double other = figure.applyAsDouble(round.get(to));
                    return quotient ? own / other : own - other;
                })
                .toArray()));
    }

    /** The middle of the values; of an even number of them the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
