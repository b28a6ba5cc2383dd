package io.penstock.router.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.AccessCounts;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.ModelDirectory;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.BodyReader;
import io.penstock.router.request.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    private static final String MODELS = "/v1/models";
    private static final String JSON = "application/json";
    private static final byte[] HEALTHY = "{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8);
    private static final RouteLabels OWN_ANSWER = new RouteLabels("router", "none", "none");

    private final Fleet fleet;
    private final RouteTable table;
    private final Identification identification;
    private final AccessCounts counts;
    private final PoolChoice poolChoice;
    private final ModelAnswers modelAnswers;
    private final BodyReader bodies;
    private final BodyScans scans;
    private final LongAdder scansWithoutRoom = new LongAdder();

    /**
     * Routes over a fleet for everybody, without the keys and limits of the configuration.
     *
     * @param config the same the fleet was made of
     * @param scans where large bodies are scanned
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans) {
        this(config, fleet, scans, AccessControl.forEverybody(config));
    }

    /**
     * Routes over a fleet.
     *
     * @param config the same the fleet and the access control were made of
     * @param scans where large bodies are scanned
     * @param access who may use what
     */
    public FleetRouter(RouterConfig config, Fleet fleet, BodyScans scans, AccessControl access) {
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config));
        this.fleet = fleet;
        this.table = new RouteTable(config, fields, access);
        this.counts = access.counts();
        this.identification = new Identification(access, this::route);
        this.poolChoice = new PoolChoice(table);
        this.modelAnswers = new ModelAnswers(table.aliases());
        this.bodies = new BodyReader(fields);
        this.scans = scans;
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
            Asked asked = new Asked(request, RequestPath.plain(request.head().uri()), caller);
            RouteDecision own = ownAnswer(request.head().method(), asked);
            if (own != null) {
                return request.loop().newSucceededFuture(own);
            }
            return request.body().readableBytes() > INLINE_SCAN_BYTES
                    ? scanElsewhere(asked)
                    : request.loop().newSucceededFuture(scanHere(asked));
        } catch (ProxyFailure refusal) {
            return request.loop().newSucceededFuture(refused(refusal, caller));
        } catch (RuntimeException defect) {
            return request.loop().newFailedFuture(defect);
        }
    }

    /** One request, where it goes by its path, and who sent it. Threading: confined to the request's loop. */
    private record Asked(RoutingRequest request, String path, Caller caller) {}

    /** What needs no engine; null for everything else. */
    private @Nullable RouteDecision ownAnswer(HttpMethod method, Asked asked) throws ProxyFailure {
        String path = asked.path();
        if (HttpMethod.TRACE.equals(method) || HttpMethod.CONNECT.equals(method)) {
            throw Refusals.wrongMethod(method.name());
        }
        if (path.equals("/health")) {
            return answer(method, HEALTHY);
        }
        ProxyFailure unknown = asked.caller().refusal();
        if (unknown != null && !table.opensSomeRoute()) {
            // before the body is looked at, and before anything is told of paths and models
            throw unknown;
        }
        if (path.equals(MODELS) || path.startsWith(RequestPath.MODEL_PREFIX)) {
            return models(method, asked);
        }
        if (!OpenPaths.contains(path) && !table.opensAdminPaths()) {
            throw Refusals.unknownPath(path);
        }
        return null;
    }

    private RouteDecision models(HttpMethod method, Asked asked) throws ProxyFailure {
        ModelDirectory now = fleet.snapshot().models();
        boolean all = table.opensAllTo(asked.caller());
        if (asked.path().length() <= RequestPath.MODEL_PREFIX.length()) {
            return answer(
                    method,
                    all
                            ? modelAnswers.list(now)
                            : modelAnswers.list(now, model -> table.shows(asked.caller(), model, now)));
        }
        String model = asked.path().substring(RequestPath.MODEL_PREFIX.length());
        byte[] card = all || table.shows(asked.caller(), model, now) ? modelAnswers.card(now, model) : null;
        if (card == null) {
            throw Refusals.unknownModel(model, table.modelNames(now, asked.caller()));
        }
        return answer(method, card);
    }

    private static RouteDecision answer(HttpMethod method, byte[] json) throws ProxyFailure {
        if (HttpMethod.GET.equals(method)) {
            return new RouteDecision.Answer(200, JSON, Unpooled.wrappedBuffer(json), OWN_ANSWER);
        }
        if (HttpMethod.HEAD.equals(method)) {
            return new RouteDecision.Answer(200, JSON, Unpooled.EMPTY_BUFFER, OWN_ANSWER);
        }
        throw Refusals.wrongMethod(method.name());
    }

    private RouteDecision scanHere(Asked asked) {
        RoutingRequest request = asked.request();
        try {
            return decide(asked, bodies.read(request.head().headers(), request.body()));
        } catch (ProxyFailure refusal) {
            return refused(refusal, asked.caller());
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
            if (decision.setUncancellable()) {
                complete(decision, asked, scan);
            }
            body.release();
        });
        return decision;
    }

    private void complete(Promise<RouteDecision> decision, Asked asked, Future<InferenceRequest> scan) {
        try {
            if (scan.isSuccess()) {
                decision.setSuccess(decide(asked, scan.getNow()));
            } else if (scan.cause() instanceof ProxyFailure refusal) {
                decision.setSuccess(refused(refusal, asked.caller()));
            } else {
                scansWithoutRoom.increment();
                decision.setSuccess(scanHere(asked));
            }
        } catch (RuntimeException defect) {
            decision.tryFailure(defect);
        }
    }

    private RouteDecision decide(Asked asked, InferenceRequest inference) {
        FleetSnapshot now = fleet.snapshot();
        String model = inference.model();
        RoutingRequest request = asked.request();
        try {
            Route route = table.find(request.head(), asked.path(), new RouteTable.Asking(asked.caller(), model), now);
            route.access().check(asked.caller());
            SessionKey session = route.session().find(request.head().headers(), inference);
            PoolSnapshot pool = poolChoice.choose(
                    now, route, new PoolChoice.Asked(request.head().method(), model, session, asked.caller()));
            RouteLabels labels = new RouteLabels(route.name(), pool.name(), table.modelLabel(now.models(), model));
            Admission admission = route.access().admit(asked.caller(), inference.estimatedTokens());
            if (admission.refusal() != null) {
                counts.count(asked.caller(), AccessCounts.Outcome.RATE_LIMITED);
                return new RouteDecision.Reject(admission.refusal(), labels, admission.headers());
            }
            counts.count(asked.caller(), AccessCounts.Outcome.ADMITTED);
            var edits = Edits.of(route, asked.caller(), inference, pool.name());
            var terms = new FleetPlan.Terms(route, labels, edits, admission);
            List<Engine> lacking = lacking(now, pool, route.engineModel(model));
            return new FleetPlan(fleet, terms, session, request.loop(), lacking).first(pool);
        } catch (ProxyFailure refusal) {
            return rejected(
                    refusal, asked.caller(), new RouteLabels("none", "none", table.modelLabel(now.models(), model)));
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
