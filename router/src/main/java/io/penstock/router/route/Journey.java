package io.penstock.router.route;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.router.access.Admission;
import io.penstock.router.access.Caller;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.InferenceRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request with all that was found out about it, and where it goes. Threading: confined to the request's loop.
 *
 * @param request the request
 * @param path its plain path
 * @param caller who sent it
 * @param inference what is known of its body
 * @param tokens what is known of its tokens
 * @param admission what the limits let pass, and were charged
 * @param client what the client says of its request
 * @param interval how many events of a stream are written to it together
 * @param fleet what it is routed on
 * @param to its destination
 * @param anew routes it as if it had just come
 */
record Journey(
        RoutingRequest request,
        String path,
        Caller caller,
        InferenceRequest inference,
        PromptTokens tokens,
        Admission admission,
        ClientTerms client,
        StreamInterval interval,
        FleetSnapshot fleet,
        Destination to,
        Supplier<Future<RouteDecision>> anew) {

    /** Where a request goes, what it is counted under, and whose it is. */
    record Destination(
            Route route, @Nullable SessionKey session, PoolSnapshot pool, RouteLabels labels, Requester requester) {

        Destination in(PoolSnapshot other) {
            var named = new RouteLabels(labels.route(), other.name(), labels.model());
            return new Destination(route, session, other, named, requester);
        }
    }

    /** The same request to another pool. */
    Journey to(PoolSnapshot pool) {
        return new Journey(
                request, path, caller, inference, tokens, admission, client, interval, fleet, to.in(pool), anew);
    }
}
