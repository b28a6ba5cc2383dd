package io.penstock.router.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.Caller;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.ModelDirectory;
import io.penstock.router.request.BodyFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every route in order. The first one whose path, headers and model match takes the request. Without configured routes
 * there is one, which takes everything and sends it by model; with them, what none takes is refused.
 *
 * <p>Threading: immutable.
 */
final class RouteTable {

    private static final String OTHER_MODEL = "other";

    private final List<Route> routes = new ArrayList<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final boolean byModel;
    private final boolean opensAdminPaths;
    private final boolean opensSomeRoute;

    /** The table of a configuration, that follows {@code former} if there was one. */
    RouteTable(RouterConfig config, BodyFields fields, AccessControl access, @Nullable RouteTable former) {
        this.byModel = config.routes().isEmpty();
        List<RouteConfig> configured = configured(config);
        for (int i = 0; i < configured.size(); i++) {
            RouteConfig route = configured.get(i);
            String name = route.name() == null ? "route-" + (i + 1) : route.name();
            routes.add(new Route(name, route, fields, access, former == null ? null : former.named(name)));
        }
        this.opensSomeRoute = routes.stream().anyMatch(route -> route.access().isOpen());
        this.opensAdminPaths = routes.stream().anyMatch(Route::opensAdminPaths);
        routes.forEach(this::addAlias);
    }

    private @Nullable Route named(String name) {
        return routes.stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<RouteConfig> configured(RouterConfig config) {
        return config.routes().isEmpty() ? List.of(ByModelRoute.CONFIG) : config.routes();
    }

    /**
     * Who asks for what.
     *
     * @param caller who
     * @param model the model that is asked for, or null
     */
    record Asking(Caller caller, @Nullable String model) {}

    /** The body fields that hold sessions, over all routes. */
    static Set<String> bodyFields(RouterConfig config) {
        Set<String> paths = new LinkedHashSet<>();
        configured(config).forEach(route -> paths.addAll(route.session().body()));
        return paths;
    }

    private void addAlias(Route route) {
        String alias = route.onlyModel();
        if (alias != null) {
            aliases.putIfAbsent(
                    alias, route.rename() == null ? alias : route.rename().name());
        }
    }

    /** True if some path may be routed that is closed otherwise. */
    boolean opensAdminPaths() {
        return opensAdminPaths;
    }

    /** True if somebody who is not identified may use some route. */
    boolean opensSomeRoute() {
        return opensSomeRoute;
    }

    /** True if this caller may use every route. */
    boolean opensAllTo(Caller caller) {
        for (int i = 0; i < routes.size(); i++) {
            if (!routes.get(i).access().allows(caller)) {
                return false;
            }
        }
        return true;
    }

    /** True if some route that this caller may use takes the model and leads to a pool that may serve it. */
    boolean shows(Caller caller, String model, ModelDirectory models) {
        return routes.stream()
                .filter(route -> route.access().allows(caller) && route.takesModel(model))
                .anyMatch(route -> byModel || route.mayServe(model, models));
    }

    /** True if there are no configured routes, and requests go by model. */
    boolean isByModel() {
        return byModel;
    }

    /** The pools of each route, which without configured routes are all. */
    Map<String, List<String>> pools(Collection<String> all) {
        Map<String, List<String>> pools = new LinkedHashMap<>();
        routes.forEach(route -> pools.put(
                route.name(), byModel ? List.copyOf(all) : route.targets().pools()));
        return pools;
    }

    /** Names that routes give to models, and the model behind each. */
    Map<String, String> aliases() {
        return aliases;
    }

    /** Every name this caller may use for a model. */
    Collection<String> modelNames(ModelDirectory models, Caller caller) {
        boolean all = opensAllTo(caller);
        if (aliases.isEmpty() && all) {
            return models.names();
        }
        Set<String> names = new LinkedHashSet<>(models.names());
        names.addAll(aliases.keySet());
        if (!all) {
            names.removeIf(name -> !shows(caller, name, models));
        }
        return names;
    }

    /** The label a model is counted under: its name if it exists, so that clients cannot make up labels. */
    String modelLabel(ModelDirectory models, @Nullable String model) {
        if (model == null) {
            return "none";
        }
        String listed = aliases.containsKey(model) ? model : models.listed(model);
        return listed == null ? OTHER_MODEL : listed;
    }

    /** True if some route takes this path, with one model or another and whatever its headers. */
    boolean takesPath(String path) {
        boolean open = OpenPaths.contains(path);
        return routes.stream().anyMatch(route -> route.takesPath(path, open));
    }

    /**
     * The route of a request.
     *
     * @throws ProxyFailure {@link FailureKind#PATH_NOT_FOUND} if none takes its path, {@link
     *     FailureKind#MODEL_NOT_FOUND} or {@link FailureKind#BAD_REQUEST} if none of those takes its model
     */
    Route find(RequestHead head, String path, Asking asking, FleetSnapshot fleet) throws ProxyFailure {
        String model = asking.model();
        boolean open = OpenPaths.contains(path);
        boolean pathIsKnown = false;
        HttpHeaders headers = head.headers();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route.takes(path, open, headers)) {
                if (route.takesModel(model) || HttpMethod.OPTIONS.equals(head.method())) {
                    return route;
                }
                pathIsKnown = true;
            }
        }
        if (!pathIsKnown) {
            throw Refusals.unknownPath(path);
        }
        Collection<String> names = modelNames(fleet.models(), asking.caller());
        throw model == null ? Refusals.missingModel(names) : Refusals.unknownModel(model, names);
    }
}
