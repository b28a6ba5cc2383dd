package io.penstock.router.route;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.router.access.Admission;
import io.penstock.router.config.Priority;
import io.penstock.router.disaggregate.DecodePlan;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through its pool: remembers which engines were tried, so that none is tried twice, and how many
 * may be. Each further engine is picked on the fleet as it is then.
 *
 * <p>Threading: confined to the request's loop.
 */
@LoopConfined
final class FleetPlan implements DecodePlan {

    private final Fleet fleet;
    private final Terms terms;
    private final @Nullable SessionKey session;
    private final EventExecutor loop;
    private final List<Engine> excluded;
    private int attempts;
    private long waitedNanos;

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
     * @param requester whose request it is
     * @param edits what the engines are sent differently
     * @param admission what the limits let pass, and were charged
     * @param tokens what is known of its tokens
     * @param stream whether the client asked for a stream
     * @param client what the client says of its request
     * @param interval how many events of a stream are written to it together
     * @param observer told of waits
     * @param anew routes the request as if it had just come, for one that waits in a pool that is removed
     */
    record Terms(
            Route route,
            RouteLabels labels,
            Requester requester,
            RequestEdits edits,
            Admission admission,
            PromptTokens tokens,
            boolean stream,
            ClientTerms client,
            StreamInterval interval,
            WaitObserver observer,
            Supplier<Future<RouteDecision>> anew) {}

    @Override
    public RouteLabels labels() {
        return terms.labels();
    }

    @Override
    public Requester requester() {
        return terms.requester();
    }

    @Override
    public RouteTimeouts timeouts() {
        return terms.route().timeouts();
    }

    @Override
    public HeaderEdits responseHeaders() {
        return terms.admission().headers();
    }

    @Override
    public long promptTokens() {
        return terms.tokens().counted();
    }

    @Override
    public void tokensUsed(long tokens) {
        terms.admission().charge().correct(tokens);
    }

    @Override
    public void tokensDelivered(long tokens) {
        terms.admission().charge().add(tokens);
    }

    @Override
    public Duration heartbeat() {
        return terms.stream() ? terms.route().heartbeat() : Duration.ZERO;
    }

    @Override
    public StreamInterval streamInterval() {
        return terms.interval();
    }

    @Override
    public RetryTerms retryTerms() {
        return terms.route().retryTerms();
    }

    @Override
    public long timeLeftNanos(long nowNanos) {
        return terms.client().timeLeftNanos(nowNanos);
    }

    @Override
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Adds a wait for room. */
    void waited(long nanos) {
        waitedNanos += nanos;
    }

    /** True if its pool was removed, and no engine has seen the request. */
    boolean mayRouteAnew() {
        return attempts == 0 && fleet.snapshot().pool(labels().pool()) == null;
    }

    /** Routes it by what the configuration is now, and what its limits are then. */
    Future<RouteDecision> anew() {
        terms.admission().withdraw();
        return terms.anew().get();
    }

    /** Before whom the request goes: as its route says, or later if its client says so. */
    @Override
    public Priority priority() {
        return terms.route().priority().orLower(terms.client().priority());
    }

    /** The first engine; or {@code NO_ENGINE}, or {@code OVERLOADED}, at once or after a wait; or {@code TOTAL_TIMEOUT}. */
    Future<RouteDecision> first(PoolSnapshot pool) {
        if (timeLeftNanos(fleet.ticker().nanos()) <= 0) {
            return rejected(Refusals.timeOver());
        }
        terms.route().retryBudget().earn();
        return next(pool, null);
    }

    @Override
    public int maxAttempts() {
        return terms.route().attempts();
    }

    @Override
    public void spare() {
        excluded.remove(excluded.size() - 1);
        attempts--;
    }

    @Override
    public @Nullable EngineTicket another() {
        PoolSnapshot pool = fleet.snapshot().pool(labels().pool());
        if (pool == null) {
            return null;
        }
        EngineTicket untried = free(pool, asking(excluded));
        return untried == null ? free(pool, asking(List.of())) : untried;
    }

    @Override
    public Future<RouteDecision> reroute(ProxyFailure cause) {
        Loops.assertIn(loop);
        PoolSnapshot pool = fleet.snapshot().pool(labels().pool());
        return pool == null || !allows(cause) ? rejected(cause) : next(pool, cause);
    }

    /** What no engine ever had costs the pool nothing, and nothing of the budget. */
    private boolean allows(ProxyFailure cause) {
        return attempts < terms.route().attempts()
                && timeLeftNanos(fleet.ticker().nanos()) > 0
                && (cause.replaySafety() == ReplaySafety.NOT_SENT
                        || terms.route().retryBudget().spend());
    }

    private Future<RouteDecision> next(PoolSnapshot pool, @Nullable ProxyFailure cause) {
        PickRequest request = asking(excluded);
        EngineTicket ticket = free(pool, request);
        if (ticket != null) {
            return loop.newSucceededFuture(forward(ticket));
        }
        if (!pool.mayServe(request)) {
            return rejected(cause == null ? Refusals.noEngine(pool) : cause);
        }
        var stay = new Wait.Stay(this, pool, cause, fleet.ticker(), terms.observer());
        return new Wait(stay, asking(List.copyOf(excluded)), loop).enter();
    }

    /** Nobody overtakes those who wait. */
    private static @Nullable EngineTicket free(PoolSnapshot pool, PickRequest request) {
        return pool.room().isAhead(request) ? null : pool.pick(request);
    }

    private PickRequest asking(List<Engine> not) {
        return new PickRequest(session, not, terms.tokens().weight(), attempts > 0);
    }

    private Future<RouteDecision> rejected(ProxyFailure failure) {
        return loop.newSucceededFuture(rejection(failure));
    }

    /** Refuses the request; tokens that no engine was asked for are given back. */
    RouteDecision rejection(ProxyFailure failure) {
        if (attempts == 0) {
            tokensUsed(0);
        }
        return new RouteDecision.Reject(failure, labels(), responseHeaders(), requester());
    }

    /** Sends it to the engine that admitted it. */
    RouteDecision forward(EngineTicket ticket) {
        excluded.add(ticket.engine());
        attempts++;
        return new RouteDecision.Forward(ticket.engine().endpoint(), ticket, this, terms.edits());
    }
}
