package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.fleet.PickRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The way of one request through a disaggregated pool: the way through its decode engines, with a hand-over before each of them.
 * Threading: confined to the request's loop.
 */
@LoopConfined
final class HandoverPlan implements RoutePlan {

    private static final int INTERNAL_ERROR = 500;

    private final Disaggregation pool;
    private final HandoverRequest request;
    private final DecodePlan decode;
    private final PrefillTries tries;

    HandoverPlan(Disaggregation pool, HandoverRequest request) {
        this.pool = pool;
        this.request = request;
        this.decode = request.plan();
        this.tries = new PrefillTries(decode.maxAttempts());
    }

    Disaggregation pool() {
        return pool;
    }

    HandoverRequest request() {
        return request;
    }

    PrefillTries tries() {
        return tries;
    }

    /** What is asked of prefill engines: none that was asked already. */
    PickRequest asking() {
        return new PickRequest(request.session(), tries.engines(), request.tokens(), false);
    }

    /** One more try with a new prefill, unless decode was never sent what the first one made. */
    @Override
    public Future<RouteDecision> reroute(ProxyFailure cause) {
        Handover next = new Handover(this);
        if (tries.isSiblings(cause)) {
            return next.afterFailedSibling();
        }
        if (cause.replaySafety() == ReplaySafety.NOT_SENT) {
            tries.notTaken();
        } else {
            tries.fetched();
            spareTheOnlyEngine();
        }
        return next.after(decode.reroute(cause));
    }

    /** Blocks that no decode engine was told of would be kept until their lease is over. */
    @Override
    public void over() {
        String left = tries.left(
                pool.fleet().ticker().nanos(), pool.config().timeouts().lease().toNanos());
        if (left != null && !tries.isSent()) {
            Release.begin(this, left);
        }
    }

    /** Where there is one decode engine, what it failed on may have been the hand-over. */
    private void spareTheOnlyEngine() {
        var engines = pool.fleet().snapshot().pool(pool.name());
        if (tries.handovers() == 1 && engines != null && engines.pickable().size() == 1) {
            decode.spare();
        }
    }

    /** A decode engine that failed on a hand-over may have failed because of it. */
    @Override
    public boolean mayReplay(ProxyFailure failure) {
        if (failure.replaySafety().isSafe() || tries.isSiblings(failure)) {
            return true;
        }
        return tries.handovers() == 1
                && failure.kind().fault() == Fault.ENGINE
                && failure.kind() != FailureKind.FIRST_TOKEN_TIMEOUT;
    }

    /** vLLM answers 500 where it could not fetch the KV cache. */
    @Override
    public RetryTerms retryTerms() {
        RetryTerms terms = decode.retryTerms();
        if (tries.handovers() != 1) {
            return terms;
        }
        Set<Integer> statuses = new HashSet<>(terms.statuses());
        statuses.add(INTERNAL_ERROR);
        return new RetryTerms(statuses, true);
    }

    @Override
    public long preparedNanos() {
        return tries.nanos();
    }

    @Override
    public RouteLabels labels() {
        return decode.labels();
    }

    @Override
    public Requester requester() {
        return decode.requester();
    }

    @Override
    public RouteTimeouts timeouts() {
        return decode.timeouts();
    }

    @Override
    public HeaderEdits responseHeaders() {
        return decode.responseHeaders();
    }

    @Override
    public void tokensUsed(long tokens) {
        decode.tokensUsed(tokens);
    }

    @Override
    public void tokensDelivered(long tokens) {
        decode.tokensDelivered(tokens);
    }

    @Override
    public long promptTokens() {
        return decode.promptTokens();
    }

    @Override
    public StreamInterval streamInterval() {
        return decode.streamInterval();
    }

    @Override
    public long timeLeftNanos(long nowNanos) {
        return decode.timeLeftNanos(nowNanos);
    }

    @Override
    public long waitedNanos() {
        return decode.waitedNanos();
    }

    @Override
    public Duration heartbeat() {
        return decode.heartbeat();
    }
}
