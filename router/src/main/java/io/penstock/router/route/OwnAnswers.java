package io.penstock.router.route;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.access.Caller;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.ModelDirectory;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the router answers itself, without an engine: its health, the models, which methods a path has, and which paths
 * there are not. A CORS preflight is no question about methods but about an origin, and goes to an engine, which knows
 * whom it trusts.
 *
 * <p>Threading: called on every event loop; immutable.
 */
final class OwnAnswers {

    private static final String ANY_METHOD = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final Set<String> METHODS = Set.of(ANY_METHOD.split(", ", -1));
    private static final String READ_ONLY = "GET, HEAD, OPTIONS";
    private static final String WHOLE_SERVER = "*";
    private static final String MODELS = "/v1/models";
    private static final String JSON = "application/json";
    private static final byte[] HEALTHY = "{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8);
    private static final RouteLabels LABELS = new RouteLabels("router", "none", "none");

    private final Fleet fleet;
    private final RouteTable table;
    private final ModelAnswers modelAnswers;

    OwnAnswers(RouteTable table, Fleet fleet) {
        this.table = table;
        this.fleet = fleet;
        this.modelAnswers = new ModelAnswers(table.aliases());
    }

    /** The answer to {@code OPTIONS *}, which asks about the server as a whole (RFC 9110, section 9.3.7); else null. */
    @Nullable
    RouteDecision forServer(RequestHead head) {
        return head.uri().equals(WHOLE_SERVER) && HttpMethod.OPTIONS.equals(head.method()) ? methods(ANY_METHOD) : null;
    }

    /**
     * The answer to a request, or null if an engine has to give it.
     *
     * @param path the plain path
     * @param caller who asks; only what it may use is told of
     * @throws ProxyFailure if there is no such path, or not with this method
     */
    @Nullable
    RouteDecision forPath(RequestHead head, String path, Caller caller) throws ProxyFailure {
        HttpMethod method = head.method();
        if (!METHODS.contains(method.name())) {
            throw Refusals.wrongMethod(method.name(), ANY_METHOD);
        }
        if (path.equals("/health")) {
            return read(method, HEALTHY);
        }
        if (caller.refusal() != null && !table.opensSomeRoute()) {
            // before the body is looked at, and before anything is told of paths and models
            throw caller.refusal();
        }
        if (path.equals(MODELS) || path.startsWith(RequestPath.MODEL_PREFIX)) {
            return models(method, path, caller);
        }
        boolean isQuestion = HttpMethod.OPTIONS.equals(method) && !isPreflight(head.headers());
        if (isQuestion ? !table.takesPath(path) : !OpenPaths.contains(path) && !table.opensAdminPaths()) {
            throw Refusals.unknownPath(path);
        }
        return isQuestion ? methods(ANY_METHOD) : null;
    }

    private static boolean isPreflight(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.ORIGIN)
                && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static RouteDecision methods(String allowed) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().newHeaders().set(HttpHeaderNames.ALLOW, allowed);
        return new RouteDecision.Answer(204, headers, Unpooled.EMPTY_BUFFER, LABELS);
    }

    private RouteDecision models(HttpMethod method, String path, Caller caller) throws ProxyFailure {
        if (HttpMethod.OPTIONS.equals(method)) {
            return methods(READ_ONLY);
        }
        ModelDirectory now = fleet.snapshot().models();
        boolean all = table.opensAllTo(caller);
        if (path.length() <= RequestPath.MODEL_PREFIX.length()) {
            return read(
                    method,
                    all ? modelAnswers.list(now) : modelAnswers.list(now, model -> table.shows(caller, model, now)));
        }
        String model = path.substring(RequestPath.MODEL_PREFIX.length());
        byte[] card = all || table.shows(caller, model, now) ? modelAnswers.card(now, model) : null;
        if (card == null) {
            throw Refusals.unknownModel(model, table.modelNames(now, caller));
        }
        return read(method, card);
    }

    private static RouteDecision read(HttpMethod method, byte[] json) throws ProxyFailure {
        if (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method)) {
            return new RouteDecision.Answer(200, JSON, Unpooled.wrappedBuffer(json), LABELS);
        }
        if (HttpMethod.OPTIONS.equals(method)) {
            return methods(READ_ONLY);
        }
        throw Refusals.wrongMethod(method.name(), READ_ONLY);
    }
}
