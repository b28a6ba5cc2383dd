package io.penstock.router.metrics;

/** The upper bounds of the histograms, in seconds. Threading: immutable by agreement. */
final class Buckets {

    private Buckets() {}

    /** A whole request: a cached short answer up to a long generation. */
    static double[] duration() {
        return new double[] {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};
    }

    /** The first byte: an engine with a warm prefix up to one with a long queue. */
    static double[] firstByte() {
        return new double[] {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};
    }

    /** Tokens of one stream within a second: an engine that swaps up to a small model alone on its GPU. */
    static double[] outputRate() {
        return new double[] {1, 2.5, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000};
    }

    /** The router's own time: 50 µs up to 100 ms, beyond which something is wrong. */
    static double[] added() {
        return new double[] {0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1};
    }

    /** An answer of Redis: the same host up to one that is asked too much. */
    static double[] shared() {
        return new double[] {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1};
    }

    /** A connection: same host up to a dropped SYN and its resend. */
    static double[] connect() {
        return new double[] {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    }

    /** A late timer: scheduling noise up to a loop that somebody blocks. */
    static double[] loopDelay() {
        return new double[] {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    }
}
