package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.router.access.Admission;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its pool: remembers which engines were tried, so that none is tried twice, and how many
 * may be. Each further engine is picked on the fleet as it is then.
 *
 * <p>Threading: confined to the request's loop.
 */
@LoopConfined
final class FleetPlan implements RoutePlan {

    private final Fleet fleet;
    private final Terms terms;
    private final @Nullable SessionKey session;
    private final EventExecutor loop;
    private final List<Engine> excluded;
    private int attempts;

    /** A plan that names none of {@code lacking}. */
    FleetPlan(Fleet fleet, Terms terms, @Nullable SessionKey session, EventExecutor loop, List<Engine> lacking) {
        this.fleet = fleet;
        this.terms = terms;
        this.session = session;
        this.loop = loop;
        this.excluded = lacking.isEmpty() ? new ArrayList<>(2) : new ArrayList<>(lacking);
    }

    /**
     * What stays the same for every attempt.
     *
     * @param route the route
     * @param labels what the request is counted under; names the pool
     * @param edits what the engines are sent differently
     * @param admission what the limits let pass, and were charged
     */
    record Terms(Route route, RouteLabels labels, RequestEdits edits, Admission admission) {}

    @Override
    public RouteLabels labels() {
        return terms.labels();
    }

    @Override
    public RouteTimeouts timeouts() {
        return terms.route().timeouts();
    }

    /** The first engine, or {@code NO_ENGINE}. */
    RouteDecision first(PoolSnapshot pool) {
        RouteDecision decision = next(pool);
        if (decision != null) {
            return decision;
        }
        tokensUsed(0);
        return rejected(Refusals.noEngine(pool));
    }

    private RouteDecision rejected(ProxyFailure failure) {
        return new RouteDecision.Reject(failure, labels(), responseHeaders());
    }

    @Override
    public HeaderEdits responseHeaders() {
        return terms.admission().headers();
    }

    @Override
    public void tokensUsed(long tokens) {
        terms.admission().charge().correct(tokens);
    }

    @Override
    public Future<RouteDecision> reroute(ProxyFailure cause) {
        Loops.assertIn(loop);
        PoolSnapshot pool = fleet.snapshot().pool(labels().pool());
        RouteDecision decision = pool == null || attempts >= terms.route().attempts() ? null : next(pool);
        return loop.newSucceededFuture(decision == null ? rejected(cause) : decision);
    }

    private @Nullable RouteDecision next(PoolSnapshot pool) {
        EngineTicket ticket = pool.selector().select(new PickRequest(session, excluded));
        if (ticket == null) {
            return null;
        }
        excluded.add(ticket.engine());
        attempts++;
        return new RouteDecision.Forward(ticket.engine().endpoint(), ticket, this, terms.edits());
    }
}
