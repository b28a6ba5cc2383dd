package io.penstock.router.metrics;

import io.penstock.router.tls.LiveTls;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;

/** Shows certificates and how they were read again. Threading: any thread; reads only. */
public final class TlsCollector extends Collector {

    private final LiveTls tls;

    /** Shows this. */
    public TlsCollector(LiveTls tls) {
        this.tls = tls;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> families = new ArrayList<>();
        var reloads = new CounterMetricFamily(
                MetricNames.TLS_RELOADS,
                "Changed files of certificates, keys and authorities that were read again. Failure: they cannot be used,"
                        + " and what was there before stays.",
                List.of("result"));
        reloads.addMetric(List.of("success"), (double) tls.reloads());
        reloads.addMetric(List.of("failure"), (double) tls.refusals());
        families.add(reloads);
        tls.untilExpiry()
                .ifPresent(rest -> families.add(new GaugeMetricFamily(
                        MetricNames.TLS_EXPIRY,
                        "How long the certificate shown to clients is still valid, those behind it in its file included;"
                                + " negative when it is not.",
                        (double) rest.toSeconds())));
        return families;
    }
}
