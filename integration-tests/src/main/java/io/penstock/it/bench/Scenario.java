package io.penstock.it.bench;

import java.time.Duration;
import java.util.List;

/**
 * One kind of load. Threading: immutable.
 *
 * @param name how it is chosen on the command line
 * @param title what it is, for the table
 * @param shape how many requests of what size
 * @param timing how fast the engines answer and the client asks
 * @param kind what of the router it measures
 */
record Scenario(String name, String title, Shape shape, Timing timing, Kind kind) {

    /** A load on the router as it is by default. */
    Scenario(String name, String title, Shape shape, Timing timing) {
        this(name, title, shape, timing, Kind.USUAL);
    }

    /** What of the router a scenario measures. */
    enum Kind {
        /** The router beside others. */
        USUAL,
        /** The stream interval that leaves every byte as it is. */
        BATCH,
        /** The stream interval that joins events, so that only what they say can be compared. */
        MERGE
    }

    /**
     * How many requests of what size.
     *
     * @param connections connections, each with one request at a time
     * @param stream whether answers are streamed
     * @param tokens tokens of an answer
     * @param promptBytes length of the prompt
     */
    record Shape(int connections, boolean stream, int tokens, int promptBytes) {}

    /**
     * How fast everything goes.
     *
     * @param firstToken until the first token
     * @param interToken between tokens; zero for as fast as possible
     * @param pause between an answer's end and the next request of that connection, on average
     */
    record Timing(Duration firstToken, Duration interToken, Duration pause) {

        static Timing atOnce() {
            return new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
    }

    private static final int SMALL = 1_000;
    private static final int LARGE = 1_000_000;
    private static final Duration SHORTEST_RAMP = Duration.ofMillis(500);

    /** The scenarios that are run unless others are named, in the order of the table. */
    static List<Scenario> all() {
        Timing token20 = new Timing(Duration.ofMillis(30), Duration.ofMillis(20), Duration.ZERO);
        Timing token100 = new Timing(Duration.ofMillis(30), Duration.ofMillis(100), Duration.ZERO);
        Timing think20 = new Timing(Duration.ZERO, Duration.ZERO, Duration.ofMillis(20));
        return List.of(
                new Scenario("slow", "streams, 20 ms per token", new Shape(256, true, 128, SMALL), token20),
                new Scenario("many", "streams, 100 ms per token", new Shape(2000, true, 40, SMALL), token100),
                new Scenario("fast", "streams, as fast as possible", new Shape(64, true, 512, SMALL), Timing.atOnce()),
                new Scenario("paced", "small requests, about 20 ms apart", new Shape(64, false, 16, SMALL), think20),
                new Scenario(
                        "small",
                        "small requests, one after the other",
                        new Shape(64, false, 16, SMALL),
                        Timing.atOnce()),
                new Scenario("large", "prompts of 1 MB", new Shape(16, false, 16, LARGE), Timing.atOnce()));
    }

    /** The loads that measure the stream interval. */
    static List<Scenario> ofIntervals() {
        Timing token20 = new Timing(Duration.ofMillis(30), Duration.ofMillis(20), Duration.ZERO);
        Shape thousand = new Shape(1000, true, 128, SMALL);
        return List.of(
                new Scenario("batch", "streams, 20 ms per token, batched", thousand, token20, Kind.BATCH),
                new Scenario("merge", "streams, 20 ms per token, merged", thousand, token20, Kind.MERGE));
    }

    /** What is measured unless it is said. */
    List<String> peers() {
        return switch (kind) {
            case USUAL -> List.of(Peer.DIRECT, Peer.ROUTER, Peer.HAPROXY);
            case BATCH -> List.of(Peer.DIRECT, Peer.ROUTER, "batch-4", "batch-8", "batch-16");
            case MERGE -> List.of(Peer.DIRECT, Peer.ROUTER, "merge-4", "merge-8", "merge-16");
        };
    }

    /** True if the load leaves the processor time to wait, so that delays say something about the proxy. */
    boolean paced() {
        return !timing.interToken().isZero() || !timing.pause().isZero();
    }

    /** True for streams that stay long enough to ask what memory each takes. */
    boolean holdsStreams() {
        return shape.stream() && paced();
    }

    /** Over how long the connections begin, so that they are spread evenly over the time of one answer. */
    Duration ramp() {
        Duration answer = timing.interToken().multipliedBy(shape.tokens()).plus(timing.pause());
        return answer.compareTo(SHORTEST_RAMP) > 0 ? answer : SHORTEST_RAMP;
    }

    /** The same with other numbers of streams and of tokens; 0 keeps a number, and answers in one piece stay. */
    Scenario resized(int streams, int tokens) {
        if (!shape.stream()) {
            return this;
        }
        int newConnections = streams == 0 ? shape.connections() : streams;
        int newTokens = tokens == 0 ? shape.tokens() : tokens;
        return new Scenario(name, title, new Shape(newConnections, true, newTokens, shape.promptBytes()), timing, kind);
    }

    /** What a proxy does before it is measured: many short requests of the same form. */
    Scenario warmUp() {
        return new Scenario(
                name,
                title,
                new Shape(Math.min(64, shape.connections()), shape.stream(), 1, shape.promptBytes()),
                new Timing(timing.firstToken(), timing.interToken(), Duration.ZERO),
                kind);
    }
}
