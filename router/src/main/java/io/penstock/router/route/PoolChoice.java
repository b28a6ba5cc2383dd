package io.penstock.router.route;

import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.access.Caller;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.ModelDirectory;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pool of a request within its route: by the route's weights, or by model where no routes are configured. The one
 * place that says a model does not exist.
 *
 * <p>Threading: immutable.
 */
final class PoolChoice {

    private final RouteTable table;

    PoolChoice(RouteTable table) {
        this.table = table;
    }

    /**
     * What is asked for.
     *
     * @param method the request's method
     * @param model the model it names, or null
     * @param session its session, or null
     * @param caller who asks
     */
    record Asked(
            HttpMethod method,
            @Nullable String model,
            @Nullable SessionKey session,
            Caller caller) {}

    /**
     * Chooses a pool, which may have no engine to pick.
     *
     * @throws ProxyFailure {@link FailureKind#MODEL_NOT_FOUND}, or {@link FailureKind#BAD_REQUEST} without a model, or
     *     {@link FailureKind#NO_ENGINE} while it is not known which pool serves the model
     */
    PoolSnapshot choose(FleetSnapshot fleet, Route route, Asked asked) throws ProxyFailure {
        if (table.isByModel()) {
            return asked.model() == null ? withoutModel(fleet, asked.method()) : byModel(fleet, asked.model());
        }
        checkModel(fleet, route, asked);
        PoolSnapshot pool = route.targets().choose(fleet, asked.session());
        if (pool == null) {
            throw ProxyFailure.of(FailureKind.NO_ENGINE, "The route '" + route.name() + "' leads to no pool.");
        }
        return pool;
    }

    private void checkModel(FleetSnapshot fleet, Route route, Asked asked) throws ProxyFailure {
        if (asked.model() != null && !route.mayServe(asked.model(), fleet.models())) {
            throw Refusals.unknownModel(asked.model(), table.modelNames(fleet.models(), asked.caller()));
        }
    }

    private PoolSnapshot withoutModel(FleetSnapshot fleet, HttpMethod method) throws ProxyFailure {
        if (fleet.pools().size() > 1 && !HttpMethod.OPTIONS.equals(method)) {
            throw Refusals.missingModel(fleet.models().names());
        }
        return fleet.pools().values().iterator().next();
    }

    /** The first pool that serves the model and has an engine; else the only one that might serve it. */
    private PoolSnapshot byModel(FleetSnapshot fleet, String model) throws ProxyFailure {
        ModelDirectory models = fleet.models();
        List<String> serving = models.poolsOf(model);
        for (String name : serving) {
            PoolSnapshot pool = Objects.requireNonNull(fleet.pool(name));
            if (pool.canServe()) {
                return pool;
            }
        }
        if (!serving.isEmpty()) {
            return Objects.requireNonNull(fleet.pool(serving.get(0)));
        }
        List<PoolSnapshot> unlearned = fleet.pools().values().stream()
                .filter(pool -> models.isUnlearned(pool.name()))
                .toList();
        if (unlearned.size() > 1) {
            throw Refusals.modelsNotLearned();
        }
        if (unlearned.isEmpty()) {
            throw Refusals.unknownModel(model, models.names());
        }
        return unlearned.get(0);
    }
}
