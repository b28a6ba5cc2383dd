package io.penstock.router.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.RouteAccess;
import io.penstock.router.config.Glob;
import io.penstock.router.config.Priority;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouteTokensConfig;
import io.penstock.router.config.StreamUsage;
import io.penstock.router.fleet.ModelDirectory;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.ModelName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One route, compiled: what it takes, where it sends it, and on what terms. Nothing is parsed per request.
 *
 * <p>Threading: immutable, but for its counters.
 */
final class Route {

    private final String name;
    private final RouteConfig config;
    private final Glob path;
    private final Glob model;
    private final List<HeaderMatch> headers;
    private final boolean opensAdminPaths;
    private final @Nullable ModelName rename;
    private final SessionSource session;
    private final Targets targets;
    private final RouteTimeouts timeouts;
    private final Duration total;
    private final Duration heartbeat;
    private final int attempts;
    private final RetryTerms retryTerms;
    private final RetryBudget retryBudget;
    private final AskedInterval streamInterval;
    private final Priority priority;
    private final RouteAccess access;

    /** The route called {@code name} of this configuration, with the counters of {@code former} where they count the same. */
    Route(String name, RouteConfig config, BodyFields fields, AccessControl control, @Nullable Route former) {
        this.name = name;
        this.config = config;
        this.access = control.route(name, config.access(), former == null ? null : former.access);
        this.path = new Glob(config.match().path());
        this.model = new Glob(config.match().model());
        this.headers = config.match().headers().entrySet().stream()
                .map(HeaderMatch::of)
                .toList();
        this.opensAdminPaths = config.openAdminPaths();
        this.rename = config.model() == null ? null : new ModelName(config.model());
        this.session = new SessionSource(config.session(), fields);
        this.targets = former != null && config.to().equals(former.config.to())
                ? former.targets
                : new Targets(config.to(), SessionKey.of(name).hash());
        RouteConfig.TimeoutsConfig limits = config.timeouts();
        this.timeouts = new RouteTimeouts(limits.connect(), limits.firstToken(), limits.betweenTokens());
        this.total = limits.total();
        this.heartbeat = limits.heartbeat();
        RouteConfig.RetriesConfig retries = config.retries();
        this.attempts = retries.attempts();
        this.retryTerms = new RetryTerms(
                retries.statuses().stream().map(Integer::valueOf).collect(Collectors.toSet()), retries.firstEvent());
        this.retryBudget = former != null && retries.equals(former.config.retries())
                ? former.retryBudget
                : new RetryBudget(retries.budget());
        this.streamInterval = new AskedInterval(config.streamInterval());
        this.priority = config.priority();
    }

    private record HeaderMatch(String name, Glob value) {

        static HeaderMatch of(Map.Entry<String, String> entry) {
            return new HeaderMatch(entry.getKey(), new Glob(entry.getValue()));
        }

        boolean matches(HttpHeaders in) {
            return in.getAll(name).stream().anyMatch(value::matches);
        }
    }

    /** True if path and headers are this route's. */
    boolean takes(String plainPath, boolean pathIsOpen, HttpHeaders in) {
        return takesPath(plainPath, pathIsOpen) && hasHeaders(in);
    }

    /** True if the path is this route's. */
    boolean takesPath(String plainPath, boolean pathIsOpen) {
        return (pathIsOpen || opensAdminPaths) && path.matches(plainPath);
    }

    private boolean hasHeaders(HttpHeaders in) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(in)) {
                return false;
            }
        }
        return true;
    }

    /** True if the model is this route's; a request without one only matches a route for all models. */
    boolean takesModel(@Nullable String asked) {
        return asked == null ? model.matchesAll() : model.matches(asked);
    }

    /** True if every model goes this way, so that the pools decide which exist. */
    boolean takesAllModels() {
        return model.matchesAll();
    }

    /** True unless it is known that none of the pools serves the model; a route that names or renames it has decided. */
    boolean mayServe(String asked, ModelDirectory models) {
        return !takesAllModels()
                || rename != null
                || targets.pools().stream().anyMatch(pool -> models.isUnlearned(pool) || models.serves(pool, asked));
    }

    /** The one model this route takes, or null if its pattern allows several. */
    @Nullable
    String onlyModel() {
        return model.isExact() ? model.pattern() : null;
    }

    String name() {
        return name;
    }

    boolean opensAdminPaths() {
        return opensAdminPaths;
    }

    @Nullable
    ModelName rename() {
        return rename;
    }

    /** The model the engine is asked for. */
    @Nullable
    String engineModel(@Nullable String asked) {
        return rename == null || asked == null ? asked : rename.name();
    }

    SessionSource session() {
        return session;
    }

    Targets targets() {
        return targets;
    }

    RouteTimeouts timeouts() {
        return timeouts;
    }

    /** In which a request must be through; zero for no limit. */
    Duration total() {
        return total;
    }

    /** How often a stream that has not begun is kept alive; zero for never. */
    Duration heartbeat() {
        return heartbeat;
    }

    int attempts() {
        return attempts;
    }

    /** Which answers another engine may replace; none when one engine is all there is to ask. */
    RetryTerms retryTerms() {
        return attempts > 1 ? retryTerms : RetryTerms.NONE;
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    AskedInterval streamInterval() {
        return streamInterval;
    }

    /** True if engines are asked for the usage of streams whose clients do not ask for it. */
    boolean alwaysAsksUsage() {
        return config.usage() == StreamUsage.ALWAYS;
    }

    Priority priority() {
        return priority;
    }

    /** What is done with the tokens of prompts. */
    RouteTokensConfig tokens() {
        return config.tokens();
    }

    RouteAccess access() {
        return access;
    }
}
