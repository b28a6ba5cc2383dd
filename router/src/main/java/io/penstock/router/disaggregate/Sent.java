package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.request.FieldGroup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engines of one hand-over are sent, and the tickets that watch them. Both know the request by the same id, which older
 * connectors need. Threading: confined to the request's loop.
 */
@LoopConfined
final class Sent {

    private static final int KEPT_BYTES = 4 << 20;
    private static final Set<FieldGroup> HOSTS = EnumSet.of(FieldGroup.HOSTS);

    private final HandoverPlan plan;
    private final Disaggregation pool;
    private final HandoverRequest request;
    private final Judgement.Prompt prompt;
    private final String id;

    /**
     * A hand-over of a request.
     *
     * @param number counted from 1; the same for all who are told of one prefill
     */
    Sent(HandoverPlan plan, Judgement.Prompt prompt, int number) {
        this.plan = plan;
        this.pool = plan.pool();
        this.request = plan.request();
        this.prompt = prompt;
        this.id = RequestIds.ofAttempt(request.request().head(), number);
    }

    /** The prefill. */
    EngineLeg toPrefill(EngineTicket ticket, Transfer transfer) {
        KvProtocol protocol = pool.protocol();
        String fields = protocol.prefillFields(transfer, request.inference());
        var edits = new RequestEdits(request.body(protocol.notForPrefill(), fields), withId());
        long left = plan.timeLeftNanos(pool.fleet().ticker().nanos());
        long limit = Math.min(left, pool.config().timeouts().prefill().toNanos());
        var limits = new EngineLeg.Limits(plan.timeouts().connect(), Duration.ofNanos(Math.max(0, limit)), KEPT_BYTES);
        var measured = new PrefillTicket(ticket, ticket.engine().name(), Side.PREFILL, prompt, pool);
        return new EngineLeg(plan, "prefill", ticket.engine().endpoint(), measured, edits, limits);
    }

    /** Has a decode engine fetch what nobody wants any more, for one token that is dropped: with that, its blocks are freed. */
    EngineLeg toRelease(EngineTicket ticket, String decodeFields) {
        String fields = OneToken.fields(request.inference()) + "," + decodeFields;
        var edits = new RequestEdits(request.body(EnumSet.of(FieldGroup.HOSTS, FieldGroup.LENGTH), fields), withId());
        var limits = new EngineLeg.Limits(
                plan.timeouts().connect(), pool.config().timeouts().lease(), 0);
        return new EngineLeg(plan, "release", ticket.engine().endpoint(), ticket, edits, limits);
    }

    /** The decision for a decode engine that goes on with a prefill; {@code sibling} if that still runs. */
    RouteDecision.Forward toDecode(RouteDecision.Forward to, String fields, @Nullable Future<?> sibling) {
        var ticket = new HandoverTicket(to, plan, prompt, sibling);
        var edits = new RequestEdits(request.body(HOSTS, fields), withId(), request.usage() != null);
        return new RouteDecision.Forward(to.endpoint(), ticket, plan, edits, sibling);
    }

    /** The decision for a decode engine that prefills by itself. */
    RouteDecision.Forward toDecodeAlone(RouteDecision.Forward to) {
        var edits = new RequestEdits(request.body(HOSTS, ""), request.headers(), request.usage() != null);
        var ticket = new PrefillTicket(to.ticket(), to.endpoint().authority(), Side.DECODE, prompt, pool);
        return new RouteDecision.Forward(to.endpoint(), ticket, plan, edits);
    }

    private HeaderEdits withId() {
        return headers -> {
            request.headers().apply(headers);
            headers.set(ProxyHeaders.X_REQUEST_ID, id);
        };
    }
}
