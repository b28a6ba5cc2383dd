package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.InferenceRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One admitted request and where it goes. Threading: confined to the request's loop.
 *
 * @param request the request
 * @param caller who sent it
 * @param inference what is known of its body
 * @param admission what the limits let pass, and were charged
 * @param client what the client says of its request
 * @param fleet what it is routed on
 * @param to its destination
 * @param anew routes it as if it had just come
 */
record Journey(
        RoutingRequest request,
        Caller caller,
        InferenceRequest inference,
        Admission admission,
        ClientTerms client,
        FleetSnapshot fleet,
        Destination to,
        Supplier<Future<RouteDecision>> anew) {

    /** Where a request goes, and what it is counted under. */
    record Destination(Route route, @Nullable SessionKey session, PoolSnapshot pool, RouteLabels labels) {}

    /** The same request to another pool. */
    Journey to(PoolSnapshot pool) {
        var labels =
                new RouteLabels(to.labels().route(), pool.name(), to.labels().model());
        var other = new Destination(to.route(), to.session(), pool, labels);
        return new Journey(request, caller, inference, admission, client, fleet, other, anew);
    }

    Requester requester() {
        String key = caller.kind() == Caller.Kind.UNKNOWN ? null : caller.name();
        SessionKey session = to.session();
        return session == null && key == null
                ? Requester.UNKNOWN
                : new Requester(session == null ? null : session.hash(), key);
    }
}
