package io.penstock.router.access;

import io.github.bucket4j.ConsumptionProbe;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the limits of a client and of a route let one request pass, and what it took from them: one request, and the
 * tokens it is estimated to cost. A refused request takes nothing. Where both have a limit, both are charged, and the
 * answer tells of the one with less left. Where limits are shared, what passes by this router's own account is confirmed by all
 * routers' together: that is asked after these have been charged, so that they decide at once if nobody answers.
 *
 * <p>Threading: confined to the request's loop.
 */
public final class Admission {

    /** Passed, where there is no limit. */
    static final Admission FREE = new Admission();

    static final String REQUESTS = "requests";
    static final String TOKENS = "tokens";
    private static final int MAX_RETRY_AFTER_SECONDS = 120;

    private final RateLimit client;
    private final RateLimit route;
    private final TokenCharge charge;
    private HeaderEdits headers = HeaderEdits.NONE;
    private @Nullable ProxyFailure refusal;
    private @Nullable Quota requestsLeft;
    private @Nullable Quota tokensLeft;
    private List<List<Share>> shares = List.of();

    private Admission() {
        this.client = RateLimit.NONE;
        this.route = RateLimit.NONE;
        this.charge = new TokenCharge(null, null);
    }

    private Admission(RateLimit client, RateLimit route, long tokens) {
        this.client = client;
        this.route = route;
        boolean first = takeRequest(client, "client");
        boolean second = first && takeRequest(route, "route");
        TokenCharge.Charged ofClient = second ? takeTokens(client, tokens, "client") : null;
        TokenCharge.Charged ofRoute = refusal == null ? takeTokens(route, tokens, "route") : null;
        this.charge = new TokenCharge(ofClient, ofRoute);
        if (refusal != null) {
            giveBackRequest(client, first);
            giveBackRequest(route, second);
            charge.correct(0);
        } else if (client.isShared() || route.isShared()) {
            shares = Stream.of(shares(client, ofClient, "client"), shares(route, ofRoute, "route"))
                    .filter(step -> !step.isEmpty())
                    .toList();
        }
        this.headers = new QuotaHeaders(requestsLeft, tokensLeft);
    }

    /** Charges a request that is estimated to cost so many tokens. */
    static Admission of(RateLimit client, RateLimit route, long tokens) {
        return client.isNone() && route.isNone() ? FREE : new Admission(client, route, tokens);
    }

    private boolean takeRequest(RateLimit from, String whose) {
        Allowance allowance = from.requests();
        if (allowance == null) {
            return true;
        }
        ConsumptionProbe probe = allowance.take(1);
        requestsLeft = Quota.tighter(requestsLeft, quota(allowance, probe));
        if (!probe.isConsumed()) {
            refuse(allowance, probe, whose, REQUESTS);
        }
        return probe.isConsumed();
    }

    /** A request that is thought to take more than a whole minute's worth takes that, as it could never pass otherwise. */
    private TokenCharge.@Nullable Charged takeTokens(RateLimit from, long tokens, String whose) {
        Allowance allowance = from.tokens();
        if (allowance == null || tokens == 0) {
            return null;
        }
        long amount = Math.min(tokens, allowance.limit());
        ConsumptionProbe probe = allowance.take(amount);
        tokensLeft = Quota.tighter(tokensLeft, quota(allowance, probe));
        if (!probe.isConsumed()) {
            refuse(allowance, probe, whose, TOKENS);
            return null;
        }
        return TokenCharge.Charged.of(allowance, amount);
    }

    /**
     * What it takes from one limit that other routers have part in.
     *
     * @param whose client or route
     * @param what requests or tokens
     */
    record Share(Allowance of, String whose, String what, SharedTake take) {}

    private static List<Share> shares(RateLimit of, TokenCharge.@Nullable Charged charged, String whose) {
        List<Share> shares = new ArrayList<>(2);
        Allowance requests = of.requests();
        SharedTake request = requests == null ? null : SharedTake.of(requests, 1);
        if (requests != null && request != null) {
            shares.add(new Share(requests, whose, REQUESTS, request));
        }
        if (charged != null && charged.shared() != null) {
            shares.add(new Share(charged.from(), whose, TOKENS, charged.shared()));
        }
        return shares;
    }

    /** See {@link RouteAccess#confirm}. */
    @Nullable
    Future<Admission> confirm(SharedLimits shared, EventExecutor loop) {
        return shares.isEmpty() ? null : SharedAdmission.of(this, shares, shared, loop);
    }

    /** All routers together have this left, which the answer tells of instead of this router's own account; null is not known. */
    void tell(@Nullable Quota requests, @Nullable Quota tokens) {
        requestsLeft = requests == null ? requestsLeft : requests;
        tokensLeft = tokens == null ? tokensLeft : tokens;
        headers = new QuotaHeaders(requestsLeft, tokensLeft);
    }

    /** It passed here, but all routers together have used up this limit. */
    void overrule(Share by, ConsumptionProbe answer) {
        withdraw();
        refuse(by.of(), answer, by.whose(), by.what());
    }

    static Quota quota(Allowance of, ConsumptionProbe probe) {
        return new Quota(of.limit(), probe.getRemainingTokens(), probe.getNanosToWaitForReset());
    }

    private static void giveBackRequest(RateLimit to, boolean taken) {
        if (taken && to.requests() != null) {
            to.requests().giveBack(1);
        }
    }

    private void refuse(Allowance limit, ConsumptionProbe probe, String whose, String what) {
        long seconds = QuotaHeaders.ceilDiv(probe.getNanosToWaitForRefill(), TimeUnit.SECONDS.toNanos(1));
        refusal = AccessRefusals.rateLimited(
                "The limit of this " + whose + ", " + limit.limit() + " " + what
                        + " within a minute, is reached. Try again in "
                        + QuotaHeaders.duration(probe.getNanosToWaitForRefill()) + ".",
                (int) Math.max(1, Math.min(seconds, MAX_RETRY_AFTER_SECONDS)));
    }

    /** Gives everything back, for a request that passed and begins again before any engine was asked. */
    public void withdraw() {
        giveBackRequest(client, true);
        giveBackRequest(route, true);
        charge.correct(0);
        shares.forEach(step -> step.forEach(share -> share.take().settle(0)));
    }

    /** Why the request does not pass, or null if it does. */
    public @Nullable ProxyFailure refusal() {
        return refusal;
    }

    /** What the answer tells of the limits. */
    public HeaderEdits headers() {
        return headers;
    }

    /** The tokens that were charged. */
    public TokenCharge charge() {
        return charge;
    }
}
