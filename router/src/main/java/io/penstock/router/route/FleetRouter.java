package io.penstock.router.route;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.AccessCounts;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.request.BodyReader;
import io.penstock.router.request.InferenceRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    private final RouterMeans means;
    private final Departures departures;
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
        this(config, fleet, scans, WaitObserver.NONE, AccessControl::forEverybody);
    }

    /**
     * Routes over a fleet.
     *
     * @param access who may use what by a configuration; for the others see {@link RouterMeans}
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
                new RouterMeans(scans, waits, access, Tokenization::none, HandoverMeans.untold(fleet.ticker())));
    }

    /**
     * Routes over a fleet.
     *
     * @param config the same the fleet was made of
     */
    public FleetRouter(RouterConfig config, Fleet fleet, RouterMeans means) {
        this.fleet = fleet;
        this.means = means;
        this.departures = new Departures(fleet, means.waits());
        this.view = new View(RouteTree.of(config, fleet, means), fleet.snapshot());
        fleet.follow(this::controlFollow);
    }

    private void controlFollow(FleetSnapshot now) {
        RouteTree routes = view.routes();
        RouterConfig config = now.config();
        view = new View(routes.config().equals(config) ? routes : routes.next(config, fleet, means), now);
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
        Future<InferenceRequest> scan = means.scans()
                .submit(request.loop(), () -> bodies.read(request.head().headers(), body));
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
            var to = new Journey.Destination(route, session, pool, labels, requester(caller, session));
            return count(asked, inference, to);
        } catch (ProxyFailure refusal) {
            var labels = new RouteLabels("none", "none", table.modelLabel(now.models(), model));
            return asked.answered(rejected(refusal, asked.now(), caller, labels));
        }
    }

    private Future<RouteDecision> count(Asked asked, InferenceRequest inference, Journey.Destination to)
            throws ProxyFailure {
        Tokenization counting = asked.routes().tokens();
        if (counting.isEmpty()) {
            return admit(asked, inference, to, PromptTokens.estimated(inference));
        }
        var ask = new TokenStep.Ask(
                asked.request(),
                asked.path(),
                inference,
                to.route().engineModel(inference.model()),
                to.route().tokens(),
                to.pool(),
                to.labels(),
                to.requester(),
                HeaderEdits.NONE);
        return new TokenizeLimit(to.route().access(), asked.caller(), asked.counts())
                .before(ask, counting, tokens -> admitCounted(asked, inference, to, tokens));
    }

    private Future<RouteDecision> admitCounted(
            Asked asked, InferenceRequest inference, Journey.Destination to, PromptTokens tokens) {
        try {
            return admit(asked, inference, to, tokens);
        } catch (ProxyFailure refusal) {
            return asked.answered(rejected(refusal, asked.now(), asked.caller(), to.labels()));
        }
    }

    private Future<RouteDecision> admit(
            Asked asked, InferenceRequest inference, Journey.Destination to, PromptTokens tokens) throws ProxyFailure {
        Caller caller = asked.caller();
        Route route = to.route();
        RequestHead head = asked.request().head();
        ClientTerms client = ClientTerms.of(head).within(route.total(), head);
        StreamInterval interval = route.streamInterval().of(head.headers());
        Admission admission = route.access().admit(caller, tokens.charge());
        RoutingRequest request = asked.request();
        var journey = new Journey(
                request,
                asked.path(),
                caller,
                inference,
                tokens,
                admission,
                client,
                interval,
                asked.now().fleet(),
                to,
                () -> route(request));
        Future<Admission> confirmed = route.access().confirm(admission, request.loop());
        return confirmed == null
                ? depart(asked, journey)
                : Confirmation.before(confirmed, request.loop(), () -> depart(asked, journey));
    }

    private Future<RouteDecision> depart(Asked asked, Journey journey) {
        Admission admission = journey.admission();
        if (admission.refusal() != null) {
            asked.counts().count(journey.caller(), AccessCounts.Outcome.RATE_LIMITED);
            Journey.Destination to = journey.to();
            return asked.answered(
                    new RouteDecision.Reject(admission.refusal(), to.labels(), admission.headers(), to.requester()));
        }
        asked.counts().count(journey.caller(), AccessCounts.Outcome.ADMITTED);
        return departures.begin(journey, asked.routes());
    }

    private static Requester requester(Caller caller, @Nullable SessionKey session) {
        String key = caller.kind() == Caller.Kind.UNKNOWN ? null : caller.name();
        return session == null && key == null
                ? Requester.UNKNOWN
                : new Requester(session == null ? null : session.hash(), key);
    }

    private static RouteDecision rejected(ProxyFailure refusal, View now, Caller caller, RouteLabels labels) {
        now.routes().access().counts().countRefusal(caller, refusal.kind());
        return new RouteDecision.Reject(refusal, labels, HeaderEdits.NONE, requester(caller, null));
    }
}
