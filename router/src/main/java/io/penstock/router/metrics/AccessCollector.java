package io.penstock.router.metrics;

import io.penstock.router.access.AccessCounts;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;

/** Shows who was let in and who was not, by the configured names of keys and issuers. Threading: any thread; reads only. */
public final class AccessCollector extends Collector {

    private final AccessCounts counts;

    /** Shows these counts. */
    public AccessCollector(AccessCounts counts) {
        this.counts = counts;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var requests = new CounterMetricFamily(
                MetricNames.ACCESS_REQUESTS,
                "Requests by the configured name of the client's key or token issuer (none: not known) and by what"
                        + " became of them.",
                List.of("client", "outcome"));
        counts.each((name, outcome, count) -> requests.addMetric(List.of(name, outcome), (double) count));
        var failures = new CounterMetricFamily(
                MetricNames.ACCESS_READ_FAILURES,
                "Files and URLs with keys that could not be read again. What was known before stays in use.",
                (double) counts.failedReads());
        return List.of(requests, failures);
    }
}
