package io.penstock.router.route;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
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
    private final BodyScans scans;
    private final WaitObserver waits;
    private final LongAdder scansWithoutRoom = new LongAdder();
    private volatile View view;

    /** What a request is routed by from beginning to end: routes and fleet of the same configuration. */
    private record View(RouteTree routes, FleetSnapshot fleet) {}

    /**
     * Routes over a fleet; nobody is told of waits.
     *
     * @param config the same the fleet was made of
     * @param scans where large bodies are scanned
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans) {
        this(config, fleet, scans, WaitObserver.NONE);
    }

    /**
     * Routes over a fleet.
     *
     * @param config the same the fleet was made of
     * @param scans where large bodies are scanned
     * @param waits told of requests that wait for room
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans, WaitObserver waits) {
        this.fleet = fleet;
        this.scans = scans;
        this.waits = waits;
        this.view = new View(RouteTree.of(config, fleet), fleet.snapshot());
        fleet.follow(this::controlFollow);
    }

    private void controlFollow(FleetSnapshot now) {
        RouteTree routes = view.routes();
        view = new View(routes.config().equals(now.config()) ? routes : routes.next(now.config(), fleet), now);
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
        OwnAnswers ownAnswers = now.routes().ownAnswers();
        try {
            RouteDecision own = ownAnswers.forServer(request.head());
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            String path = RequestPath.plain(request.head().uri());
            own = ownAnswers.forPath(request.head(), path);
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            return request.body().readableBytes() > INLINE_SCAN_BYTES
                    ? scanElsewhere(request, path, now)
                    : scanHere(request, path, now);
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal));
        } catch (RuntimeException defect) {
            return request.loop().newFailedFuture(defect);
        }
    }

    private Future<RouteDecision> scanHere(RoutingRequest request, String path, View now) {
        try {
            BodyReader bodies = now.routes().bodies();
            return decide(
                    new Asked(request, path, now), bodies.read(request.head().headers(), request.body()));
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal));
        }
    }

    /** One request and what it is routed by. */
    private record Asked(RoutingRequest request, String path, View now) {}

    private Future<RouteDecision> scanElsewhere(RoutingRequest request, String path, View now) {
        ByteBuf body = request.body().retain();
        BodyReader bodies = now.routes().bodies();
        Future<InferenceRequest> scan =
                scans.submit(request.loop(), () -> bodies.read(request.head().headers(), body));
        Promise<RouteDecision> decision = request.loop().newPromise();
        scan.addListener(done -> {
            // a client that left meanwhile must not be given a ticket
            if (!decision.isCancelled()) {
                scanned(decision, new Asked(request, path, now), scan);
            }
            body.release();
        });
        return decision;
    }

    private void scanned(Promise<RouteDecision> decision, Asked asked, Future<InferenceRequest> scan) {
        try {
            if (scan.isSuccess()) {
                follow(decision, decide(asked, scan.getNow()));
            } else if (scan.cause() instanceof ProxyFailure refusal) {
                decision.setSuccess(refused(refusal));
            } else {
                scansWithoutRoom.increment();
                follow(decision, scanHere(asked.request(), asked.path(), asked.now()));
            }
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    /** Passes a decision on, and back that nobody waits for it any more. */
    static void follow(Promise<RouteDecision> decision, Future<RouteDecision> made) {
        decision.addListener(done -> {
            if (decision.isCancelled()) {
                made.cancel(false);
            }
        });
        made.addListener(done -> {
            if (made.isSuccess() && !decision.trySuccess(made.getNow())) {
                discard(made.getNow());
            }
        });
    }

    private static void discard(RouteDecision unwanted) {
        if (unwanted instanceof RouteDecision.Forward forward) {
            forward.ticket().end(AttemptEnd.unused());
        }
    }

    private Future<RouteDecision> decide(Asked asked, InferenceRequest inference) {
        RoutingRequest request = asked.request();
        RouteTable table = asked.now().routes().table();
        FleetSnapshot now = asked.now().fleet();
        String model = inference.model();
        try {
            Route route = table.find(request.head(), asked.path(), model, now);
            SessionKey session = route.session().find(request.head().headers(), inference);
            PoolSnapshot pool = asked.now()
                    .routes()
                    .poolChoice()
                    .choose(now, route, new PoolChoice.Asked(request.head().method(), model, session));
            RouteLabels labels = new RouteLabels(route.name(), pool.name(), table.modelLabel(now.models(), model));
            var client = ClientTerms.of(request.head()).within(route.total(), request.head());
            var terms = new FleetPlan.Terms(
                    route, labels, splices(route, inference), inference.stream(), client, waits, () -> route(request));
            List<Engine> lacking = lacking(now, pool, route.engineModel(model));
            return new FleetPlan(fleet, terms, session, request.loop(), lacking).first(pool);
        } catch (ProxyFailure refusal) {
            var labels = new RouteLabels("none", "none", table.modelLabel(now.models(), model));
            return request.loop().newSucceededFuture(new RouteDecision.Reject(refusal, labels));
        }
    }

    private static List<Engine> lacking(FleetSnapshot fleet, PoolSnapshot pool, @Nullable String model) {
        return model == null ? List.of() : fleet.models().lacking(pool.name(), model);
    }

    private static List<BodySplice> splices(Route route, InferenceRequest inference) {
        BodySplice renamed = route.rename() == null ? null : inference.rename(route.rename());
        return renamed == null ? List.of() : List.of(renamed);
    }

    private static RouteDecision refused(ProxyFailure refusal) {
        return new RouteDecision.Reject(refusal, RouteLabels.NONE);
    }
}
