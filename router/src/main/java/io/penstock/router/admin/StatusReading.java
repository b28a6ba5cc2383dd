package io.penstock.router.admin;

import io.penstock.router.metrics.BucketCounts;
import io.penstock.router.metrics.Traffic;
import java.util.Map;

/**
 * What the router had done at one moment; two of them make rates. Threading: immutable.
 *
 * @param nanos when, on the {@code Ticker}
 * @param traffic what it had done since its start
 */
record StatusReading(long nanos, Traffic traffic) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Seconds since an earlier reading. */
    double secondsSince(StatusReading before) {
        return (nanos - before.nanos) / NANOS_PER_SECOND;
    }

    /** Requests that ended, each second since then. */
    double requestRate(StatusReading before) {
        return (traffic.requests() - before.traffic.requests()) / secondsSince(before);
    }

    /** Requests that failed, each second since then. */
    double failureRate(StatusReading before) {
        return (traffic.failures() - before.traffic.failures()) / secondsSince(before);
    }

    /** Tokens of all engines, each second since then. */
    double tokenRate(StatusReading before) {
        return traffic.tokens().keySet().stream()
                .mapToDouble(place -> tokenRate(before, place))
                .sum();
    }

    /** Tokens of one engine, each second since then; an engine that was forgotten and came back begins anew. */
    double tokenRate(StatusReading before, Traffic.Place place) {
        long now = made(traffic.tokens(), place);
        long then = made(before.traffic.tokens(), place);
        return (now < then ? now : now - then) / secondsSince(before);
    }

    private static long made(Map<Traffic.Place, Long> tokens, Traffic.Place place) {
        return tokens.getOrDefault(place, 0L);
    }

    /** The times to the first token since then. */
    BucketCounts firstToken(StatusReading before) {
        return traffic.firstToken().since(before.traffic.firstToken());
    }

    /** The times the router added since then. */
    BucketCounts added(StatusReading before) {
        return traffic.added().since(before.traffic.added());
    }
}
