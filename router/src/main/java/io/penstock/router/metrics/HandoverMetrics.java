package io.penstock.router.metrics;

import io.penstock.router.config.PoolConfig;
import io.penstock.router.disaggregate.Fallback;
import io.penstock.router.disaggregate.HandoverObserver;
import io.penstock.router.disaggregate.PrefillFault;
import io.penstock.router.disaggregate.Side;
import io.penstock.router.disaggregate.Verdict;
import io.penstock.router.fleet.PoolView;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.Set;

/** Counts what happens to requests of disaggregated pools. Threading: counter. */
final class HandoverMetrics implements HandoverObserver {

    private static final List<String> END_OF_RELEASE = List.of("freed", "left");

    private final Counter decisions;
    private final Counter failures;
    private final Counter fallbacks;
    private final Counter cancels;
    private final Counter releases;
    private final Histogram prefill;
    private final Histogram decode;
    private final Histogram age;

    /** Counts for the disaggregated ones of these pools. */
    HandoverMetrics(CollectorRegistry registry, List<PoolView> pools) {
        decisions = counter(
                registry,
                MetricNames.HANDOVER_DECISIONS,
                "Prompts that were prefilled elsewhere or not, and why.",
                "prefill",
                "reason");
        failures = counter(registry, MetricNames.PREFILL_FAILURES, "Prefills that came to nothing.", "reason");
        fallbacks =
                counter(registry, MetricNames.PREFILL_FALLBACKS, "What became of requests whose prefill failed.", "to");
        cancels = counter(
                registry,
                MetricNames.SIBLING_CANCELS,
                "Engines that were told to stop, as the other engine of the request failed or its client left.",
                "side");
        releases = counter(
                registry,
                MetricNames.KV_RELEASES,
                "Prefilled blocks of requests that ended before decode was told of them: freed, or left to their lease.",
                "end");
        prefill = histogram(registry, MetricNames.PREFILL, "From sending a prefill to its whole answer.");
        decode = histogram(
                registry,
                MetricNames.DECODE_FIRST_BYTE,
                "From asking the decode engine to the first byte it answered.");
        age = histogram(
                registry,
                MetricNames.HANDOVER_AGE,
                "How old a prefill's answer was when the decode engine was sent it; its blocks are kept for a lease.");
        expect(pools);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help, String... labels) {
        String[] all = new String[labels.length + 1];
        all[0] = "pool";
        System.arraycopy(labels, 0, all, 1, labels.length);
        return Counter.build(name, help).labelNames(all).withoutExemplars().register(registry);
    }

    private static Histogram histogram(CollectorRegistry registry, String name, String help) {
        return Histogram.build(name, help)
                .labelNames("pool")
                .buckets(Buckets.firstByte())
                .withoutExemplars()
                .register(registry);
    }

    /** Shows the counters of these pools from now on, with zeros. */
    void expect(List<PoolView> pools) {
        pools.stream().filter(pool -> !pool.takesRequests()).forEach(pool -> expect(PoolConfig.poolOf(pool.pool())));
    }

    private void expect(String pool) {
        for (PrefillFault fault : PrefillFault.values()) {
            failures.labels(pool, fault.label()).inc(0);
        }
        for (Fallback to : Fallback.values()) {
            fallbacks.labels(pool, to.label()).inc(0);
        }
        for (Side side : Side.values()) {
            cancels.labels(pool, side.label()).inc(0);
        }
        END_OF_RELEASE.forEach(end -> releases.labels(pool, end).inc(0));
        prefill.labels(pool);
        decode.labels(pool);
        age.labels(pool);
    }

    /** Forgets the series of other pools than these. */
    void keepOnly(Set<String> pools) {
        List.of(decisions, failures, fallbacks, cancels, releases)
                .forEach(counter -> EngineMetrics.removeOthers(counter, 0, pools));
        List.of(prefill, decode, age).forEach(times -> removeOthers(times, pools));
    }

    private static void removeOthers(Histogram times, Set<String> pools) {
        for (Collector.MetricFamilySamples family : times.collect()) {
            for (Collector.MetricFamilySamples.Sample sample : family.samples) {
                if (!pools.contains(sample.labelValues.get(0))) {
                    times.remove(sample.labelValues.get(0));
                }
            }
        }
    }

    @Override
    public void decided(String pool, Verdict verdict) {
        String side = verdict.prefillsElsewhere() ? Side.PREFILL.label() : Side.DECODE.label();
        decisions.labels(pool, side, verdict.label()).inc();
    }

    @Override
    public void prefilled(String pool, long nanos) {
        prefill.labels(pool).observe(nanos / Collector.NANOSECONDS_PER_SECOND);
    }

    @Override
    public void prefillFailed(String pool, PrefillFault fault) {
        failures.labels(pool, fault.label()).inc();
    }

    @Override
    public void fellBack(String pool, Fallback to) {
        fallbacks.labels(pool, to.label()).inc();
    }

    @Override
    public void handedOver(String pool, long ageNanos) {
        age.labels(pool).observe(ageNanos / Collector.NANOSECONDS_PER_SECOND);
    }

    @Override
    public void decoding(String pool, long nanos) {
        decode.labels(pool).observe(nanos / Collector.NANOSECONDS_PER_SECOND);
    }

    @Override
    public void released(String pool, boolean freed) {
        releases.labels(pool, END_OF_RELEASE.get(freed ? 0 : 1)).inc();
    }

    @Override
    public void siblingCancelled(String pool, Side side) {
        cancels.labels(pool, side.label()).inc();
    }
}
