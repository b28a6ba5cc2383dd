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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use the router: all keys, issuers and limits of one configuration, and the routes' shares in them. Where nobody
 * needs to be identified, it costs a request one comparison.
 *
 * <p>Threading: asked on event loops; refreshed on a thread of its own, if there is anything to refresh.
 */
public final class AccessControl implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessControl.class);

    private final boolean open;
    private final Ticker ticker;
    private final AccessCounts counts;
    private final ApiKeys keys;
    private final @Nullable Tokens tokens;
    private final Map<String, EngineKey> engineKeys = new HashMap<>();
    private final List<Refreshed> refreshed = new ArrayList<>();
    private @Nullable RefreshThread thread;

    /**
     * Where the time comes from.
     *
     * @param ticker for limits
     * @param clock for the expiry of tokens
     */
    public record Time(Ticker ticker, InstantSource clock) {}

    /**
     * Reads every secret once. Public keys that cannot be fetched are tried again later.
     *
     * @param verifiers where tokens are verified; null only if no issuer is configured
     * @throws IOException if a file or an environment variable is missing or holds no key
     */
    public AccessControl(RouterConfig config, Time time, @Nullable OffloadExecutor verifiers) throws IOException {
        this.ticker = time.ticker();
        this.open = config.access().isOpen();
        this.counts = new AccessCounts(names(config));
        this.keys = new ApiKeys(config.access().keys(), keyCallers(config), System::getenv);
        if (!config.access().keys().isEmpty()) {
            refreshed.add(keys);
        }
        this.tokens = verifiers == null
                ? null
                : new Tokens(
                        issuers(config),
                        new Subjects(config.access().jwt(), ticker),
                        verifiers,
                        time.clock(),
                        time.ticker());
        for (PoolConfig pool : config.pools()) {
            if (pool.key().isSet()) {
                EngineKey key = new EngineKey(pool.name(), pool.key(), System::getenv);
                engineKeys.put(pool.name(), key);
                refreshed.add(key);
            }
        }
    }

    private static List<String> names(RouterConfig config) {
        return Stream.concat(
                        config.access().keys().stream().map(ClientKeyConfig::name),
                        config.access().jwt().stream().map(JwtConfig::name))
                .toList();
    }

    private Map<String, Caller> keyCallers(RouterConfig config) {
        Map<String, Caller> callers = new HashMap<>();
        for (ClientKeyConfig key : config.access().keys()) {
            RateLimit limits = RateLimit.perMinute(key.requestsPerMinute(), key.tokensPerMinute(), ticker);
            callers.put(key.name(), new Caller(Caller.Kind.KEY, key.name(), key.trusted(), limits, null));
        }
        return callers;
    }

    private List<TokenIssuer> issuers(RouterConfig config) throws IOException {
        List<TokenIssuer> issuers = new ArrayList<>();
        for (JwtConfig jwt : config.access().jwt()) {
            IssuerKeys publicKeys = jwt.fetches()
                    ? new IssuerKeys(jwt, new KeySetUrl(jwt.jwks()), ticker)
                    : IssuerKeys.ofFile(jwt, ticker);
            readFirst(publicKeys, jwt);
            refreshed.add(publicKeys);
            issuers.add(new TokenIssuer(jwt, publicKeys));
        }
        return issuers;
    }

    private void readFirst(IssuerKeys publicKeys, JwtConfig jwt) throws IOException {
        try {
            publicKeys.read();
        } catch (IOException e) {
            if (!jwt.fetches()) {
                throw new IOException(publicKeys + ", " + jwt.jwks() + ": " + e.getMessage(), e);
            }
            counts.readFailures().increment();
            log.warn("{} cannot be read yet, its tokens are refused until it can: {}", publicKeys, e.getMessage());
        }
    }

    /** Access for everybody, whatever the configuration says of keys: for routers that are put together by hand. */
    public static AccessControl forEverybody(RouterConfig config) {
        try {
            AccessConfig nobody = new AccessConfig(List.of(), List.of());
            RouterConfig open =
                    new RouterConfig(config.server(), config.connections(), List.of(), nobody, config.routes());
            return new AccessControl(open, new Time(Ticker.system(), InstantSource.system()), null);
        } catch (IOException e) {
            throw new IllegalStateException("there is no secret to read", e);
        }
    }

    /** Begins to read again what may change. */
    public void start() {
        if (!refreshed.isEmpty()) {
            thread = new RefreshThread(refreshed, counts.readFailures());
        }
    }

    /** True if nobody needs to be identified. */
    public boolean isOpen() {
        return open;
    }

    /** What is counted. */
    public AccessCounts counts() {
        return counts;
    }

    /** The access of one route. */
    public RouteAccess route(RouteAccessConfig config) {
        return new RouteAccess(
                config,
                !open,
                engineKeys,
                RateLimit.perMinute(config.requestsPerMinute(), config.tokensPerMinute(), ticker));
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

    /** Reads nothing again any more. */
    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
    }
}
