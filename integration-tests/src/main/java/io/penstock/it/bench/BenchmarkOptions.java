package io.penstock.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The command line. Threading: immutable.
 *
 * @param scenarios the loads, resized as asked
 * @param peers what is measured; empty for each scenario's own
 * @param haproxy whether it is there to be measured
 * @param rounds how often; the table shows medians
 * @param window how long each measurement lasts
 * @param warmUp how long each proxy runs before it is measured, in each of two ways
 */
record BenchmarkOptions(
        List<Scenario> scenarios, List<String> peers, boolean haproxy, int rounds, Duration window, Duration warmUp) {

    static final String USAGE = """
            --scenarios LIST  of slow,many,fast,paced,small,large (the default), batch,merge (the stream interval)
            --peers LIST      of direct,router,haproxy,disaggregated, batch-N, merge-N (default: direct,router,haproxy; with the
                              loads batch and merge direct,router and N = 4, 8, 16; haproxy only where it is installed)
            --streams N       streams at the same time, instead of each scenario's own number
            --tokens N        tokens of each stream, instead of each scenario's own number
            --rounds N        measurements of each, the median counts (default 3)
            --seconds N       length of one measurement (default 6)
            --warmup N        seconds of short requests, then of the load itself, before the first (default 6)
            """;

    private static final Pattern PEER =
            Pattern.compile("direct|router|haproxy|disaggregated|(batch|merge)-[1-9]\\d{0,2}");

    /**
     * Reads arguments; one argument may hold several, separated by spaces.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static BenchmarkOptions parse(String... arguments) {
        return new Reader(arguments).options();
    }

    /** The same where HAProxy is not installed. */
    BenchmarkOptions withoutHaproxy() {
        return new BenchmarkOptions(scenarios, peers, false, rounds, window, warmUp);
    }

    /** What is measured under a load. */
    List<String> peersOf(Scenario scenario) {
        return (peers.isEmpty() ? scenario.peers() : peers)
                .stream().filter(name -> haproxy || !name.equals(Peer.HAPROXY)).toList();
    }

    /** Goes through the arguments once. Threading: confined to the thread that parses. */
    private static final class Reader {

        private final List<String> words = new ArrayList<>();
        private List<String> scenarios =
                Scenario.all().stream().map(Scenario::name).toList();
        private List<String> peers = List.of();
        private int streams;
        private int tokens;
        private int rounds = 3;
        private int seconds = 6;
        private int warmUp = 6;

        Reader(String... arguments) {
            for (String argument : arguments) {
                Arrays.stream(argument.split("\\s+", -1))
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
            }
        }

        BenchmarkOptions options() {
            for (int i = 0; i < words.size(); i += 2) {
                if (i + 1 == words.size()) {
                    throw new IllegalArgumentException("unknown or without a value: " + words.get(i));
                }
                take(words.get(i), words.get(i + 1));
            }
            List<Scenario> chosen = known().filter(scenario -> scenarios.contains(scenario.name()))
                    .map(scenario -> scenario.resized(streams, tokens))
                    .toList();
            return new BenchmarkOptions(
                    chosen, peers, true, rounds, Duration.ofSeconds(seconds), Duration.ofSeconds(warmUp));
        }

        private void take(String option, String value) {
            switch (option) {
                case "--scenarios" -> scenarios = scenarios(value);
                case "--peers" -> peers = peers(value);
                case "--streams" -> streams = number(value);
                case "--tokens" -> tokens = number(value);
                case "--rounds" -> rounds = number(value);
                case "--seconds" -> seconds = number(value);
                case "--warmup" -> warmUp = number(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }

        private static Stream<Scenario> known() {
            return Stream.concat(Scenario.all().stream(), Scenario.ofIntervals().stream());
        }

        private static List<String> scenarios(String value) {
            List<String> allowed = known().map(Scenario::name).toList();
            List<String> chosen = List.of(value.split(",", -1));
            if (!allowed.containsAll(chosen)) {
                throw new IllegalArgumentException("'" + value + "' is not a list of " + String.join(",", allowed));
            }
            return chosen;
        }

        private static List<String> peers(String value) {
            List<String> chosen = List.of(value.split(",", -1));
            if (!chosen.stream().allMatch(name -> PEER.matcher(name).matches())) {
                throw new IllegalArgumentException(
                        "'" + value + "' is not a list of direct,router,haproxy,disaggregated, batch-N and merge-N");
            }
            return chosen;
        }

        private static int number(String value) {
            int number;
            try {
                number = Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + value + "' is no number", e);
            }
            if (number < 1) {
                throw new IllegalArgumentException("a number must be at least 1, is " + value);
            }
            return number;
        }
    }
}
