package io.penstock.router.route;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.AccessCounts;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.BootstrapIds;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.disaggregate.HandoverObserver;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyReader;
import io.penstock.router.request.InferenceRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Decides where each request goes: path, body, route, pool, engine, in this order, on one snapshot of the fleet.
 *
 * <p>Threading: called on every event loop; holds nothing of a request. Bodies larger than {@link #INLINE_SCAN_BYTES} are
 * scanned elsewhere and answered on the request's loop.
 */
public final class FleetRouter implements RequestRouter {

    /** Below this, a hop to another thread and back costs more than the scan. */
    static final int INLINE_SCAN_BYTES = 256 << 10;

    private final Fleet fleet;
    private final BodyScans scans;
    private final Departures departures;
    private final HandoverMeans handovers;
    private final Function<RouterConfig, AccessControl> access;
    private final LongAdder scansWithoutRoom = new LongAdder();
    private volatile View view;

    /** What a request is routed by from beginning to end: access, routes and fleet of the same configuration. */
    private record View(RouteTree routes, FleetSnapshot fleet) {}

    /**
     * Routes over a fleet for everybody, without the keys and limits of the configuration; nobody is told of waits.
     *
     * @param config the same the fleet was made of
     * @param scans where large bodies are scanned
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans) {
        this(config, fleet, scans, WaitObserver.NONE);
    }

    /**
     * Routes over a fleet for everybody, without the keys and limits of the configuration.
     *
     * @param waits told of requests that wait for room
     */
    FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans, WaitObserver waits) {
        this(config, fleet, scans, waits, AccessControl::forEverybody);
    }

    /**
     * Routes over a fleet.
     *
     * @param config the same the fleet was made of
     * @param scans where large bodies are scanned
     * @param waits told of requests that wait for room
     * @param access who may use what by a configuration; asked once for each configuration when it comes into force, on the
     *     control plane but for the first
     */
    public FleetRouter(
            RouterConfig config,
            Fleet fleet,
            BodyScans scans,
            WaitObserver waits,
            Function<RouterConfig, AccessControl> access) {
        this(
                config,
                fleet,
                scans,
                new RouteObservers(waits, new HandoverMeans(HandoverObserver.NONE, new BootstrapIds(fleet.ticker()))),
                access);
    }

    /** As before, with everybody who is told of what happens on the way. */
    public FleetRouter(
            RouterConfig config,
            Fleet fleet,
            BodyScans scans,
            RouteObservers observers,
            Function<RouterConfig, AccessControl> access) {
        this.fleet = fleet;
        this.scans = scans;
        this.departures = new Departures(fleet, observers.waits());
        this.handovers = observers.handovers();
        this.access = access;
        this.view = new View(RouteTree.of(config, fleet, access.apply(config), handovers), fleet.snapshot());
        fleet.follow(this::controlFollow);
    }

    private void controlFollow(FleetSnapshot now) {
        RouteTree routes = view.routes();
        RouterConfig config = now.config();
        view = new View(
                routes.config().equals(config) ? routes : routes.next(config, fleet, access.apply(config), handovers),
                now);
    }

    /** Every route by its name, with the pools it may lead to. */
    public Map<String, List<String>> routes() {
        View now = view;
        return now.routes().table().pools(now.fleet().pools().keySet());
    }

    /** Large bodies that were scanned on an event loop because the scan threads did not take them. */
    public long scansWithoutRoom() {
        return scansWithoutRoom.sum();
    }

    @Override
    public Future<RouteDecision> route(RoutingRequest request) {
        View now = view;
        AccessControl by = now.routes().access();
        return by.isOpen()
                ? route(request, now, Caller.ANYONE)
                : Identification.route(request, by, caller -> route(request, now, caller));
    }

    private Future<RouteDecision> route(RoutingRequest request, View now, Caller caller) {
        OwnAnswers ownAnswers = now.routes().ownAnswers();
        try {
            RouteDecision own = ownAnswers.forServer(request.head());
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            Asked asked = new Asked(request, RequestPath.plain(request.head().uri()), caller, now);
            own = ownAnswers.forPath(request.head(), asked.path(), caller);
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            return request.body().readableBytes() > INLINE_SCAN_BYTES ? scanElsewhere(asked) : scanHere(asked);
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(rejected(refusal, now, caller, RouteLabels.NONE));
        } catch (RuntimeException defect) {
            return request.loop().newFailedFuture(defect);
        }
    }

    /** One request, its plain path, who sent it, and what it is routed by. Threading: confined to the request's loop. */
    private record Asked(RoutingRequest request, String path, Caller caller, View now) {

        RouteTree routes() {
            return now.routes();
        }

        AccessCounts counts() {
            return now.routes().access().counts();
        }

        Future<RouteDecision> answered(RouteDecision decision) {
            return request.loop().newSucceededFuture(decision);
        }
    }

    private Future<RouteDecision> scanHere(Asked asked) {
        RoutingRequest request = asked.request();
        try {
            return decide(asked, asked.routes().bodies().read(request.head().headers(), request.body()));
        } catch (ProxyFailure refusal) {
            return asked.answered(rejected(refusal, asked.now(), asked.caller(), RouteLabels.NONE));
        }
    }

    private Future<RouteDecision> scanElsewhere(Asked asked) {
        RoutingRequest request = asked.request();
        ByteBuf body = request.body().retain();
        BodyReader bodies = asked.routes().bodies();
        Future<InferenceRequest> scan =
                scans.submit(request.loop(), () -> bodies.read(request.head().headers(), body));
        Promise<RouteDecision> decision = request.loop().newPromise();
        scan.addListener(done -> {
            // a client that left meanwhile must not be given a ticket
            if (!decision.isCancelled()) {
                scanned(decision, asked, scan);
            }
            body.release();
        });
        return decision;
    }

    private void scanned(Promise<RouteDecision> decision, Asked asked, Future<InferenceRequest> scan) {
        try {
            if (scan.isSuccess()) {
                Decisions.follow(decision, decide(asked, scan.getNow()));
            } else if (scan.cause() instanceof ProxyFailure refusal) {
                decision.setSuccess(rejected(refusal, asked.now(), asked.caller(), RouteLabels.NONE));
            } else {
                scansWithoutRoom.increment();
                Decisions.follow(decision, scanHere(asked));
            }
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    private Future<RouteDecision> decide(Asked asked, InferenceRequest inference) {
        RouteTable table = asked.routes().table();
        FleetSnapshot now = asked.now().fleet();
        String model = inference.model();
        RequestHead head = asked.request().head();
        Caller caller = asked.caller();
        try {
            Route route = table.find(head, asked.path(), new RouteTable.Asking(caller, model), now);
            route.access().check(caller);
            SessionKey session = route.session().find(head.headers(), inference);
            PoolSnapshot pool = asked.routes()
                    .poolChoice()
                    .choose(now, route, new PoolChoice.Asked(head.method(), model, session, caller));
            RouteLabels labels = new RouteLabels(route.name(), pool.name(), table.modelLabel(now.models(), model));
            return admit(asked, inference, new Journey.Destination(route, session, pool, labels));
        } catch (ProxyFailure refusal) {
            var labels = new RouteLabels("none", "none", table.modelLabel(now.models(), model));
            return asked.answered(rejected(refusal, asked.now(), caller, labels));
        }
    }

    private Future<RouteDecision> admit(Asked asked, InferenceRequest inference, Journey.Destination to)
            throws ProxyFailure {
        Caller caller = asked.caller();
        Route route = to.route();
        ClientTerms client = ClientTerms.of(asked.request().head())
                .within(route.total(), asked.request().head());
        Admission admission = route.access().admit(caller, inference.estimatedTokens());
        if (admission.refusal() != null) {
            asked.counts().count(caller, AccessCounts.Outcome.RATE_LIMITED);
            return asked.answered(new RouteDecision.Reject(admission.refusal(), to.labels(), admission.headers()));
        }
        asked.counts().count(caller, AccessCounts.Outcome.ADMITTED);
        FleetSnapshot now = asked.now().fleet();
        RoutingRequest request = asked.request();
        var journey = new Journey(request, caller, inference, admission, client, now, to, () -> route(request));
        return departures.begin(journey, asked.path(), asked.routes());
    }

    private static RouteDecision rejected(ProxyFailure refusal, View now, Caller caller, RouteLabels labels) {
        now.routes().access().counts().countRefusal(caller, refusal.kind());
        return new RouteDecision.Reject(refusal, labels);
    }
}
