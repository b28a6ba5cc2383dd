package io.penstock.router.metrics;

import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.StreamFlushes;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** What the stream interval does, by route; told once for each stream, at its end. Threading: counter. */
final class StreamMetrics {

    private final Counter flushes;
    private final Counter events;
    private final Counter writesSaved;
    private final Counter bytesSaved;

    StreamMetrics(CollectorRegistry registry) {
        flushes = Counter.build(
                        MetricNames.STREAM_FLUSHES,
                        "Writes of held events to clients, by why they were written then. Counted when a stream ends; streams"
                                + " without an interval are not counted.")
                .labelNames("route", "reason")
                .withoutExemplars()
                .register(registry);
        events = counter(
                MetricNames.STREAM_EVENTS,
                "Events of streams with an interval; by the writes, the events of one write.",
                registry);
        writesSaved = counter(
                MetricNames.STREAM_WRITES_SAVED,
                "Writes to clients that the stream interval saved: what came from engines in one read would have been one.",
                registry);
        bytesSaved = counter(
                MetricNames.STREAM_BYTES_SAVED, "Bytes that were not written because events were merged.", registry);
    }

    private static Counter counter(String name, String help, CollectorRegistry registry) {
        return Counter.build(name, help).labelNames("route").withoutExemplars().register(registry);
    }

    /** Shows the counters of a route from now on, with zeros. */
    void expect(String route) {
        for (FlushReason why : FlushReason.values()) {
            flushes.labels(route, why.label()).inc(0);
        }
        events.labels(route).inc(0);
        writesSaved.labels(route).inc(0);
        bytesSaved.labels(route).inc(0);
    }

    void flushed(RouteLabels labels, StreamFlushes stream) {
        stream.flushes()
                .forEach((FlushReason why, Integer count) ->
                        flushes.labels(labels.route(), why.label()).inc(count));
        events.labels(labels.route()).inc((double) stream.events());
        writesSaved.labels(labels.route()).inc((double) stream.writesSaved());
        bytesSaved.labels(labels.route()).inc((double) stream.bytesSaved());
    }
}
