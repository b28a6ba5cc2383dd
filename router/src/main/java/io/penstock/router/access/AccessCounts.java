package io.penstock.router.access;

import io.penstock.proxy.failure.FailureKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Requests by the name of the key or issuer and by what became of them. Threading: counter. */
public final class AccessCounts {

    /** What became of a request. */
    public enum Outcome {
        ADMITTED,
        UNAUTHORIZED,
        FORBIDDEN,
        RATE_LIMITED;

        /** The metric label. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<String, Map<Outcome, LongAdder>> byName = new ConcurrentHashMap<>();
    private final LongAdder readFailures = new LongAdder();

    /** Counts for these names, and for nobody. */
    public AccessCounts(Collection<String> names) {
        byName.put(Caller.NOBODY, adders());
        learn(names);
    }

    /** Counts for these names, too, from now on. */
    void learn(Collection<String> names) {
        names.forEach(name -> byName.computeIfAbsent(name, unused -> adders()));
    }

    private static Map<Outcome, LongAdder> adders() {
        Map<Outcome, LongAdder> adders = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            adders.put(outcome, new LongAdder());
        }
        return adders;
    }

    /** Counts a request. */
    public void count(Caller caller, Outcome outcome) {
        Map<Outcome, LongAdder> adders = byName.get(caller.name());
        LongAdder adder = adders == null ? null : adders.get(outcome);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Counts a request that was refused, if it was because of who sent it. */
    public void countRefusal(Caller caller, FailureKind why) {
        if (why == FailureKind.UNAUTHORIZED) {
            count(caller, Outcome.UNAUTHORIZED);
        } else if (why == FailureKind.FORBIDDEN) {
            count(caller, Outcome.FORBIDDEN);
        }
    }

    /** How often a file or URL with keys could not be read. */
    LongAdder readFailures() {
        return readFailures;
    }

    /** The sum of {@link #readFailures}. */
    public long failedReads() {
        return readFailures.sum();
    }

    /** Every count. */
    public void each(Visitor visitor) {
        byName.forEach((name, adders) ->
                adders.forEach((outcome, count) -> visitor.visit(name, outcome.label(), count.sum())));
    }

    /** Is shown counts. */
    @FunctionalInterface
    public interface Visitor {
        /** So many requests of this name came to this. */
        void visit(String name, String outcome, long count);
    }
}
