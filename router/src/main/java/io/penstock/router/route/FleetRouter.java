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
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.BodyReader;
import io.penstock.router.request.InferenceRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
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
    private final RouteTable table;
    private final Identification identification;
    private final AccessCounts counts;
    private final PoolChoice poolChoice;
    private final OwnAnswers ownAnswers;
    private final BodyReader bodies;
    private final BodyScans scans;
    private final WaitObserver waits;
    private final LongAdder scansWithoutRoom = new LongAdder();

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
        this(config, fleet, scans, waits, AccessControl.forEverybody(config));
    }

    /**
     * Routes over a fleet.
     *
     * @param config the same the fleet and the access control were made of
     * @param scans where large bodies are scanned
     * @param waits told of requests that wait for room
     * @param access who may use what
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans, WaitObserver waits, AccessControl access) {
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config));
        this.fleet = fleet;
        this.table = new RouteTable(config, fields, access);
        this.identification = new Identification(access, this::route);
        this.counts = access.counts();
        this.poolChoice = new PoolChoice(table);
        this.ownAnswers = new OwnAnswers(table, fleet);
        this.bodies = new BodyReader(fields);
        this.scans = scans;
        this.waits = waits;
    }

    /** Every route by its name, with the pools it may lead to. */
    public Map<String, List<String>> routes() {
        return table.pools(fleet.snapshot().pools().keySet());
    }

    /** Large bodies that were scanned on an event loop because the scan threads did not take them. */
    public long scansWithoutRoom() {
        return scansWithoutRoom.sum();
    }

    @Override
    public Future<RouteDecision> route(RoutingRequest request) {
        return identification.route(request);
    }

    private Future<RouteDecision> route(RoutingRequest request, Caller caller) {
        try {
            RouteDecision own = ownAnswers.forServer(request.head());
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            Asked asked = new Asked(request, RequestPath.plain(request.head().uri()), caller);
            own = ownAnswers.forPath(request.head(), asked.path(), caller);
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            return request.body().readableBytes() > INLINE_SCAN_BYTES ? scanElsewhere(asked) : scanHere(asked);
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal, caller));
        } catch (RuntimeException defect) {
            return request.loop().newFailedFuture(defect);
        }
    }

    /** One request, its plain path, and who sent it. Threading: confined to the request's loop. */
    private record Asked(RoutingRequest request, String path, Caller caller) {}

    private Future<RouteDecision> scanHere(Asked asked) {
        RoutingRequest request = asked.request();
        try {
            return decide(asked, bodies.read(request.head().headers(), request.body()));
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal, asked.caller()));
        }
    }

    private Future<RouteDecision> scanElsewhere(Asked asked) {
        RoutingRequest request = asked.request();
        ByteBuf body = request.body().retain();
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
                decision.setSuccess(refused(refusal, asked.caller()));
            } else {
                scansWithoutRoom.increment();
                Decisions.follow(decision, scanHere(asked));
            }
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    private Future<RouteDecision> decide(Asked asked, InferenceRequest inference) {
        FleetSnapshot now = fleet.snapshot();
        String model = inference.model();
        RequestHead head = asked.request().head();
        Caller caller = asked.caller();
        try {
            Route route = table.find(head, asked.path(), new RouteTable.Asking(caller, model), now);
            route.access().check(caller);
            SessionKey session = route.session().find(head.headers(), inference);
            PoolSnapshot pool =
                    poolChoice.choose(now, route, new PoolChoice.Asked(head.method(), model, session, caller));
            RouteLabels labels = new RouteLabels(route.name(), pool.name(), table.modelLabel(now.models(), model));
            ClientTerms client = ClientTerms.of(head).within(route.total(), head);
            Admission admission = route.access().admit(caller, inference.estimatedTokens());
            if (admission.refusal() != null) {
                counts.count(caller, AccessCounts.Outcome.RATE_LIMITED);
                return asked.request()
                        .loop()
                        .newSucceededFuture(new RouteDecision.Reject(admission.refusal(), labels, admission.headers()));
            }
            counts.count(caller, AccessCounts.Outcome.ADMITTED);
            var edits = Edits.of(route, caller, inference, pool.name());
            var terms = new FleetPlan.Terms(route, labels, edits, admission, inference.stream(), client, waits);
            List<Engine> lacking = lacking(now, pool, route.engineModel(model));
            return new FleetPlan(fleet, terms, session, asked.request().loop(), lacking).first(pool);
        } catch (ProxyFailure refusal) {
            var labels = new RouteLabels("none", "none", table.modelLabel(now.models(), model));
            return asked.request().loop().newSucceededFuture(rejected(refusal, caller, labels));
        }
    }

    private static List<Engine> lacking(FleetSnapshot fleet, PoolSnapshot pool, @Nullable String model) {
        return model == null ? List.of() : fleet.models().lacking(pool.name(), model);
    }

    private RouteDecision refused(ProxyFailure refusal, Caller caller) {
        return rejected(refusal, caller, RouteLabels.NONE);
    }

    private RouteDecision rejected(ProxyFailure refusal, Caller caller, RouteLabels labels) {
        counts.countRefusal(caller, refusal.kind());
        return new RouteDecision.Reject(refusal, labels);
    }
}
