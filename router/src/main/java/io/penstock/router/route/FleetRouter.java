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
    private final PoolChoice poolChoice;
    private final OwnAnswers ownAnswers;
    private final BodyReader bodies;
    private final BodyScans scans;
    private final WaitObserver waits;
    private final LongAdder scansWithoutRoom = new LongAdder();

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
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config));
        this.fleet = fleet;
        this.table = new RouteTable(config, fields);
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
                    ? scanElsewhere(request, path)
                    : scanHere(request, path);
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal));
        } catch (RuntimeException defect) {
            return request.loop().newFailedFuture(defect);
        }
    }

    private Future<RouteDecision> scanHere(RoutingRequest request, String path) {
        try {
            return decide(request, path, bodies.read(request.head().headers(), request.body()));
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal));
        }
    }

    private Future<RouteDecision> scanElsewhere(RoutingRequest request, String path) {
        ByteBuf body = request.body().retain();
        Future<InferenceRequest> scan =
                scans.submit(request.loop(), () -> bodies.read(request.head().headers(), body));
        Promise<RouteDecision> decision = request.loop().newPromise();
        scan.addListener(done -> {
            // a client that left meanwhile must not be given a ticket
            if (!decision.isCancelled()) {
                scanned(decision, request, path, scan);
            }
            body.release();
        });
        return decision;
    }

    private void scanned(
            Promise<RouteDecision> decision, RoutingRequest request, String path, Future<InferenceRequest> scan) {
        try {
            if (scan.isSuccess()) {
                follow(decision, decide(request, path, scan.getNow()));
            } else if (scan.cause() instanceof ProxyFailure refusal) {
                decision.setSuccess(refused(refusal));
            } else {
                scansWithoutRoom.increment();
                follow(decision, scanHere(request, path));
            }
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    /** Passes a decision on, and back that nobody waits for it any more. */
    private static void follow(Promise<RouteDecision> decision, Future<RouteDecision> made) {
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

    private Future<RouteDecision> decide(RoutingRequest request, String path, InferenceRequest inference) {
        FleetSnapshot now = fleet.snapshot();
        String model = inference.model();
        try {
            Route route = table.find(request.head(), path, model, now);
            SessionKey session = route.session().find(request.head().headers(), inference);
            PoolSnapshot pool = poolChoice.choose(
                    now, route, new PoolChoice.Asked(request.head().method(), model, session));
            RouteLabels labels = new RouteLabels(route.name(), pool.name(), table.modelLabel(now.models(), model));
            var client = ClientTerms.of(request.head()).within(route.total(), request.head());
            var terms =
                    new FleetPlan.Terms(route, labels, splices(route, inference), inference.stream(), client, waits);
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
