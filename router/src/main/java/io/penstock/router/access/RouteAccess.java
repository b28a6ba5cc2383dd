package io.penstock.router.access;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.RouteAccessConfig;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may use one route, how much, and what of theirs reaches its engines. Threading: immutable; its limits are counters.
 */
public final class RouteAccess {

    private final boolean open;
    private final boolean takesEveryone;
    private final boolean takesEveryKey;
    private final Set<String> keys;
    private final @Nullable String issuer;
    private final boolean trustsClients;
    private final boolean forwardsAuthorization;
    private final boolean someoneIsKnown;
    private final Map<String, EngineKey> engineKeys;
    private final RateLimit limits;
    private final @Nullable SharedLimits shared;

    /**
     * The access of one route.
     *
     * @param someoneIsKnown whether there are keys or issuers at all
     * @param engineKeys the engines' own keys by pool
     * @param shared where limits are kept in common with other routers, or null
     */
    RouteAccess(
            RouteAccessConfig config,
            boolean someoneIsKnown,
            Map<String, EngineKey> engineKeys,
            RateLimit limits,
            @Nullable SharedLimits shared) {
        this.someoneIsKnown = someoneIsKnown;
        this.open = config.open() || !someoneIsKnown;
        this.takesEveryone = config.keys().isEmpty() && config.jwt() == null;
        this.takesEveryKey = config.keys().contains(RouteAccessConfig.ALL);
        this.keys = Set.copyOf(config.keys());
        this.issuer = config.jwt();
        this.trustsClients = config.trustClients();
        this.forwardsAuthorization = config.forwardAuthorization();
        this.engineKeys = engineKeys;
        this.limits = limits;
        this.shared = shared;
    }

    /** True if nobody needs a key or token here. */
    public boolean isOpen() {
        return open;
    }

    /** True if this caller may use the route. */
    public boolean allows(Caller caller) {
        if (open) {
            return true;
        }
        return switch (caller.kind()) {
            case UNKNOWN -> false;
            case KEY -> takesEveryone || takesEveryKey || keys.contains(caller.name());
            case TOKEN -> takesEveryone || caller.name().equals(issuer);
        };
    }

    /**
     * Lets a caller use the route, or not.
     *
     * @throws ProxyFailure {@link FailureKind#UNAUTHORIZED} if it is not known who calls, {@link FailureKind#FORBIDDEN}
     *     if it is known but may not
     */
    public void check(Caller caller) throws ProxyFailure {
        if (!allows(caller)) {
            throw caller.refusal() == null ? AccessRefusals.forbidden() : caller.refusal();
        }
    }

    /** True if this caller may send what names hosts, ranks and priorities to engines. */
    public boolean trusts(Caller caller) {
        return trustsClients || caller.trusted();
    }

    /**
     * What of this caller's headers reaches the engines of a pool. Credentials that nobody here judges are the engines' to
     * judge: without keys, issuers and a key for the pool they go through.
     */
    public HeaderEdits toEngine(Caller caller, String pool) {
        EngineKey key = engineKeys.get(pool);
        boolean nobodysButTheirs = !someoneIsKnown && key == null;
        return new EngineHeaders(trusts(caller), forwardsAuthorization || nobodysButTheirs, key);
    }

    /** What all clients together may ask for. */
    RateLimit limits() {
        return limits;
    }

    /** Charges the limits of this caller and of the route for a request that may cost so many tokens. */
    public Admission admit(Caller caller, long estimatedTokens) {
        return Admission.of(caller.limits(), limits, estimatedTokens);
    }

    /**
     * Asks whether the request passes by the limits that routers have in common, too. The future never fails, and comes on
     * {@code loop}, with the same admission, which may tell of a refusal now; cancelling it withdraws the admission.
     *
     * @return null if nobody has to be asked
     */
    public @Nullable Future<Admission> confirm(Admission admission, EventExecutor loop) {
        return shared == null ? null : admission.confirm(shared, loop);
    }
}
