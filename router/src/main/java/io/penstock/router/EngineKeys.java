package io.penstock.router;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.LiveAccess;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.FleetSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys that probes and requests for model lists are sent with: those of the engine's pool, the first with one if it is in
 * several. Threading: changed on the control plane, published by one volatile write; asked from any thread.
 */
final class EngineKeys implements Function<Endpoint, HeaderEdits> {

    private final LiveAccess access;
    private @Nullable RouterConfig config;
    private Set<Endpoint> engines = Set.of();
    private volatile Map<Endpoint, HeaderEdits> byEngine = Map.of();

    EngineKeys(LiveAccess access) {
        this.access = access;
    }

    /** Goes by the configuration and the engines of this snapshot from now on. */
    void controlFollow(FleetSnapshot now) {
        Set<Endpoint> there = endpoints(now);
        if (now.config().equals(config) && there.equals(engines)) {
            return;
        }
        config = now.config();
        engines = there;
        AccessControl by = access.controlTake(now.config());
        Map<Endpoint, HeaderEdits> keys = new HashMap<>();
        now.groups().forEach(pool -> {
            HeaderEdits key = by.ownRequests(PoolConfig.poolOf(pool.name()));
            if (key != HeaderEdits.NONE) {
                pool.standings().forEach(at -> keys.putIfAbsent(at.engine().endpoint(), key));
            }
        });
        byEngine = keys;
    }

    private static Set<Endpoint> endpoints(FleetSnapshot now) {
        return now.pools().values().stream()
                .flatMap(pool -> pool.standings().stream())
                .map(at -> at.engine().endpoint())
                .collect(Collectors.toSet());
    }

    @Override
    public HeaderEdits apply(Endpoint engine) {
        return byEngine.getOrDefault(engine, HeaderEdits.NONE);
    }
}
