package io.penstock.router;

import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.EngineStanding;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.metrics.RouterMetrics;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells the metrics which series there will be: those of the pools, engines and routes of the configuration, and of its
 * models where it names them. Threading: the thread that starts the router.
 */
final class StartingSeries {

    private final RouterConfig config;
    private final FleetSnapshot fleet;
    private final RouterMetrics metrics;

    StartingSeries(RouterConfig config, FleetSnapshot fleet, RouterMetrics metrics) {
        this.config = config;
        this.fleet = fleet;
        this.metrics = metrics;
    }

    /** Shows them with zeros. */
    void show(Map<String, List<String>> poolsByRoute) {
        fleet.groups()
                .forEach(pool -> pool.standings()
                        .forEach(at -> metrics.expectEngine(at.engine().endpoint())));
        poolsByRoute.forEach((route, pools) -> pools.forEach(pool -> show(route, pool)));
    }

    private void show(String route, String pool) {
        List<String> models = models(route, pool);
        for (EngineStanding at : Objects.requireNonNull(fleet.pool(pool)).standings()) {
            metrics.expectRoute(route, pool, models, at.engine().endpoint());
        }
    }

    /** A route for one model counts that one; another one those of its pools. */
    private List<String> models(String route, String pool) {
        for (int i = 0; i < config.routes().size(); i++) {
            RouteConfig.MatchConfig match = config.routes().get(i).match();
            if (config.routeName(i).equals(route) && !match.model().contains("*")) {
                return List.of(match.model());
            }
        }
        return config.pools().stream()
                .filter(each -> each.name().equals(pool))
                .map(PoolConfig::models)
                .findFirst()
                .orElse(List.of());
    }
}
