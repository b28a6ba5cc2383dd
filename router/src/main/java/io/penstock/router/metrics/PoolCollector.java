package io.penstock.router.metrics;

import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.fleet.StateChanges;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/**
 * Shows at each scrape how much pools take, who waits, and how engines came into their states. Threading: any thread; reads
 * only.
 */
final class PoolCollector extends Collector {

    private static final List<String> POOL = List.of("pool");

    private final FleetView fleet;

    PoolCollector(FleetView fleet) {
        this.fleet = fleet;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var waiting = new GaugeMetricFamily(MetricNames.WAITING, "Requests that wait for room on an engine.", POOL);
        var size = new GaugeMetricFamily(MetricNames.WAITING_LIMIT, "Requests that may wait at most.", POOL);
        var engine = new GaugeMetricFamily(
                MetricNames.ENGINE_LIMIT, "Requests one engine of the pool takes at most; 0 is no limit.", POOL);
        var pool =
                new GaugeMetricFamily(MetricNames.POOL_LIMIT, "Requests the pool takes at most; 0 is no limit.", POOL);
        for (PoolView view : fleet.pools()) {
            List<String> name = List.of(view.pool());
            waiting.addMetric(name, view.waiting());
            size.addMetric(name, view.limits().waiting());
            engine.addMetric(name, view.limits().engineRequests());
            pool.addMetric(name, view.limits().poolRequests());
        }
        return List.of(waiting, size, engine, pool, changes());
    }

    private MetricFamilySamples changes() {
        var changes = new CounterMetricFamily(
                MetricNames.ENGINE_STATE_CHANGES,
                "How often an engine came into a state, and why.",
                List.of("pool", "engine", "state", "cause"));
        for (StateChanges each : fleet.stateChanges()) {
            changes.addMetric(
                    List.of(
                            each.pool(),
                            each.engine(),
                            each.state().label(),
                            each.cause().label()),
                    (double) each.count());
        }
        return changes;
    }
}
