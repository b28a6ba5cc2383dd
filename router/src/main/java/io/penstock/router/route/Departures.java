package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.disaggregate.Disaggregation;
import io.penstock.router.disaggregate.HandoverRequest;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.ModelDirectory;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.ModelName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends admitted requests on their way through the engines of their pool: to one of them, or by way of another that prefills.
 * Threading: called on every event loop; immutable.
 */
final class Departures {

    private static final Set<FieldGroup> GUARDED = Set.of(FieldGroup.HOSTS, FieldGroup.PRIVILEGES);

    private final Fleet fleet;
    private final WaitObserver waits;

    Departures(Fleet fleet, WaitObserver waits) {
        this.fleet = fleet;
        this.waits = waits;
    }

    /**
     * The first decision on a request.
     *
     * @param routes what it is routed by
     */
    Future<RouteDecision> begin(Journey journey, RouteTree routes) {
        String name = journey.to().pool().name();
        Disaggregation disaggregation = routes.disaggregation(name);
        FleetPlan plan = plan(journey, disaggregation != null);
        // as it is now: tokens or limits may have been waited for since the pool was chosen
        PoolSnapshot pool = fleet.snapshot().pool(name);
        if (pool == null) {
            return plan.anew();
        }
        if (disaggregation == null
                || !disaggregation.takes(journey.request().head().method(), journey.path(), journey.inference())) {
            return plan.first(pool);
        }
        return disaggregation.route(handover(journey, plan, disaggregation), plan.first(pool));
    }

    private FleetPlan plan(Journey journey, boolean disaggregated) {
        Journey.Destination to = journey.to();
        var terms = new FleetPlan.Terms(
                to.route(),
                to.labels(),
                to.requester(),
                Edits.of(journey, disaggregated),
                journey.admission(),
                journey.tokens(),
                journey.inference().stream(),
                journey.client(),
                journey.interval(),
                waits,
                journey.anew());
        return new FleetPlan(
                fleet,
                terms,
                to.session(),
                journey.request().loop(),
                lacking(journey, to.pool().name()));
    }

    private static List<Engine> lacking(Journey journey, String group) {
        String model = journey.to().route().engineModel(journey.inference().model());
        return journey.fleet().models().lacking(group, model);
    }

    private HandoverRequest handover(Journey journey, FleetPlan plan, Disaggregation through) {
        Journey.Destination to = journey.to();
        boolean trusted = to.route().access().trusts(journey.caller());
        return new HandoverRequest(
                journey.request(),
                journey.inference(),
                to.session(),
                model(journey),
                trusted ? Set.of() : GUARDED,
                Edits.askingForUsage(journey),
                journey.tokens().weight(),
                lacking(journey, PoolConfig.prefillName(to.pool().name())),
                to.route().access().toEngine(journey.caller(), to.pool().name()),
                plan,
                () -> elsewhere(journey, through.aggregatedPool()));
    }

    /** Both engines must answer for the same model, so that one that is left out is named. */
    private static @Nullable ModelName model(Journey journey) {
        ModelName renamed = journey.to().route().rename();
        if (renamed != null || journey.inference().model() != null) {
            return renamed;
        }
        String pool = journey.to().pool().name();
        ModelDirectory models = journey.fleet().models();
        return models.names().stream()
                .filter(model -> models.serves(pool, model))
                .findFirst()
                .map(ModelName::new)
                .orElse(null);
    }

    private Future<RouteDecision> elsewhere(Journey journey, String pool) {
        PoolSnapshot other = fleet.snapshot().pool(pool);
        if (other == null) {
            var failure = ProxyFailure.of(FailureKind.PREFILL_FAILED, "the pool '" + pool + "' is gone");
            Journey.Destination to = journey.to();
            var gone = new RouteDecision.Reject(
                    failure, to.labels(), journey.admission().headers(), to.requester());
            return journey.request().loop().newSucceededFuture(gone);
        }
        return plan(journey.to(other), false).first(other);
    }
}
