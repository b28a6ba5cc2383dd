package io.penstock.router.access;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.AccessConfig;
import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import io.penstock.router.config.AccessConfig.JwtConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouteAccessConfig;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use the router: all keys, issuers and limits of one configuration, and the routes' shares in them. Where nobody
 * needs to be identified, it costs a request one comparison. What the configuration before had, too, is shared with it: keys
 * that were read, tokens that were verified, and what is left of limits.
 *
 * <p>Threading: asked on event loops; made on a thread that may block; what it has read is read again by {@link LiveAccess}.
 */
public final class AccessControl {

    private static final Logger log = LoggerFactory.getLogger(AccessControl.class);

    private final RouterConfig config;
    private final Means means;
    private final boolean open;
    private final Map<String, Caller> callers;
    private final ApiKeys keys;
    private final @Nullable Tokens tokens;
    private final Map<String, EngineKey> engineKeys;
    private final List<Refreshed> files = new ArrayList<>();
    private final List<Refreshed> urls = new ArrayList<>();

    /**
     * Where the time comes from.
     *
     * @param ticker for limits
     * @param clock for the expiry of tokens
     */
    public record Time(Ticker ticker, InstantSource clock) {}

    /** What stays the same for every configuration. */
    private record Means(
            Time time,
            @Nullable OffloadExecutor verifiers,
            AccessCounts counts,
            @Nullable SharedLimits shared) {}

    /**
     * Reads every secret once. Public keys that cannot be fetched are tried again later.
     *
     * @param verifiers where tokens are verified; null only if no issuer is ever configured
     * @throws IOException if a file or an environment variable is missing or holds no key
     */
    public AccessControl(RouterConfig config, Time time, @Nullable OffloadExecutor verifiers) throws IOException {
        this(config, time, verifiers, null);
    }

    /** As the other one, with limits that other routers may have part in. */
    AccessControl(RouterConfig config, Time time, @Nullable OffloadExecutor verifiers, @Nullable SharedLimits shared)
            throws IOException {
        this(config, new Means(time, verifiers, new AccessCounts(List.of()), shared), null);
    }

    private AccessControl(RouterConfig config, Means means, @Nullable AccessControl former) throws IOException {
        this.config = config;
        this.means = means;
        this.open = config.access().isOpen();
        this.callers = callers(former == null ? Map.of() : former.callers);
        this.keys = former != null && sameKeys(former)
                ? former.keys
                : new ApiKeys(config.access().keys(), callers, System::getenv);
        this.tokens = tokens(former == null ? null : former.tokens);
        this.engineKeys = engineKeys(former == null ? Map.of() : former.engineKeys);
        if (!config.access().keys().isEmpty()) {
            files.add(keys);
        }
        if (tokens != null) {
            tokens.issuers().forEach(issuer -> (issuer.config().fetches() ? urls : files).add(issuer.keys()));
        }
        files.addAll(engineKeys.values());
        means.counts().learn(names(config));
    }

    /**
     * The access of another configuration. Reads what that has and this has not.
     *
     * @throws IOException if a file or an environment variable is missing or holds no key
     */
    AccessControl next(RouterConfig changed) throws IOException {
        return new AccessControl(changed, means, this);
    }

    private static List<String> names(RouterConfig config) {
        return Stream.concat(
                        config.access().keys().stream().map(ClientKeyConfig::name),
                        config.access().jwt().stream().map(JwtConfig::name))
                .toList();
    }

    private boolean sameKeys(AccessControl former) {
        return config.access().keys().equals(former.config.access().keys());
    }

    private Map<String, Caller> callers(Map<String, Caller> former) {
        Map<String, Caller> made = new HashMap<>();
        for (ClientKeyConfig key : config.access().keys()) {
            Caller known = former.get(key.name());
            RateLimit left = known == null ? RateLimit.NONE : known.limits();
            RateLimit limits =
                    left.next(key.requestsPerMinute(), key.tokensPerMinute(), limits().of("key", key.name()));
            made.put(key.name(), new Caller(Caller.Kind.KEY, key.name(), key.trusted(), limits, null));
        }
        return made;
    }

    private @Nullable Tokens tokens(@Nullable Tokens former) throws IOException {
        List<JwtConfig> configs = config.access().jwt();
        if (configs.isEmpty()) {
            return null;
        }
        List<TokenIssuer> issuers = new ArrayList<>();
        for (JwtConfig jwt : configs) {
            issuers.add(issuer(jwt, former == null ? List.of() : former.issuers()));
        }
        if (former != null) {
            return former.next(issuers, configs);
        }
        OffloadExecutor verifiers = Objects.requireNonNull(means.verifiers(), "issuers need threads that verify");
        return new Tokens(
                issuers,
                new Subjects(configs, limits()),
                verifiers,
                means.time().clock(),
                ticker());
    }

    private TokenIssuer issuer(JwtConfig jwt, List<TokenIssuer> former) throws IOException {
        for (TokenIssuer known : former) {
            if (known.config().equals(jwt)) {
                return known;
            }
            if (known.hasKeysOf(jwt)) {
                return new TokenIssuer(jwt, known.keys());
            }
        }
        IssuerKeys publicKeys = jwt.fetches()
                ? new IssuerKeys(jwt, new KeySetUrl(jwt.jwks()), ticker())
                : IssuerKeys.ofFile(jwt, ticker());
        readFirst(publicKeys, jwt);
        return new TokenIssuer(jwt, publicKeys);
    }

    private void readFirst(IssuerKeys publicKeys, JwtConfig jwt) throws IOException {
        try {
            publicKeys.read();
        } catch (IOException e) {
            if (!jwt.fetches()) {
                throw new IOException(publicKeys + ", " + jwt.jwks() + ": " + e.getMessage(), e);
            }
            counts().readFailures().increment();
            log.warn("{} cannot be read yet, its tokens are refused until it can: {}", publicKeys, e.getMessage());
        }
    }

    private Map<String, EngineKey> engineKeys(Map<String, EngineKey> former) throws IOException {
        Map<String, EngineKey> made = new HashMap<>();
        for (PoolConfig pool : config.pools()) {
            if (pool.key().isSet()) {
                EngineKey known = former.get(pool.name());
                boolean same = known != null && known.config().equals(pool.key());
                made.put(pool.name(), same ? known : new EngineKey(pool.name(), pool.key(), System::getenv));
            }
        }
        return made;
    }

    /** Access for everybody, whatever the configuration says of keys: for routers that are put together by hand. */
    public static AccessControl forEverybody(RouterConfig config) {
        try {
            AccessConfig nobody = new AccessConfig(List.of(), List.of());
            RouterConfig open = new RouterConfig(
                    config.server(), config.connections(), List.of(), List.of(), nobody, null, null, config.routes());
            return new AccessControl(open, new Time(Ticker.system(), InstantSource.system()), null);
        } catch (IOException e) {
            throw new IllegalStateException("there is no secret to read", e);
        }
    }

    private Ticker ticker() {
        return means.time().ticker();
    }

    private LimitSource limits() {
        return new LimitSource(ticker(), means.shared(), "");
    }

    /** What it was made of. */
    RouterConfig config() {
        return config;
    }

    /** What may change in files while this is in force. */
    List<Refreshed> files() {
        return files;
    }

    /** What may change behind URLs while this is in force. */
    List<Refreshed> urls() {
        return urls;
    }

    /** True if nobody needs to be identified. */
    public boolean isOpen() {
        return open;
    }

    /** What is counted, over all configurations. */
    public AccessCounts counts() {
        return means.counts();
    }

    /**
     * The access of one route.
     *
     * @param name the route's name
     * @param former the access of the route before, which may have limits that stay the same; or null
     */
    public RouteAccess route(String name, RouteAccessConfig route, @Nullable RouteAccess former) {
        RateLimit left = former == null ? RateLimit.NONE : former.limits();
        RateLimit limits = left.next(route.requestsPerMinute(), route.tokensPerMinute(), limits().of("route", name));
        return new RouteAccess(route, !open, engineKeys, limits, means.shared());
    }

    /** What the router's own requests to the engines of a pool need. */
    public HeaderEdits ownRequests(String pool) {
        EngineKey key = engineKeys.get(pool);
        return key == null ? HeaderEdits.NONE : new EngineHeaders(true, true, key);
    }

    /**
     * Who sent a request with these headers. The future never fails: somebody who is not known is a caller with a
     * {@link Caller#refusal}. It is complete at once unless a token has to be verified, and completes on {@code loop}.
     */
    public Future<Caller> identify(HttpHeaders headers, EventExecutor loop) {
        if (open) {
            return loop.newSucceededFuture(Caller.ANYONE);
        }
        try {
            String credential = Credential.of(headers);
            if (credential == null) {
                return loop.newSucceededFuture(Caller.refused(AccessRefusals.missing()));
            }
            Digest digest = Digest.of(credential);
            Caller known = keys.find(digest);
            if (known != null) {
                return loop.newSucceededFuture(known);
            }
            return tokens != null && Tokens.isToken(credential)
                    ? tokens.caller(credential, digest, loop)
                    : loop.newSucceededFuture(Caller.refused(AccessRefusals.unknownKey()));
        } catch (ProxyFailure refusal) {
            return loop.newSucceededFuture(Caller.refused(refusal));
        }
    }
}
