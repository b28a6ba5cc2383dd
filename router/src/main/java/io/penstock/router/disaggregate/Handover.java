package io.penstock.router.disaggregate;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.config.DisaggregationConfig.OnPrefillFailure;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One decision on a disaggregated pool: room on a decode engine first, so that nothing is prefilled in vain; then the prefill, over
 * or under way; then the decision to ask the decode engine. Whoever cancels the decision ends what runs for it.
 *
 * <p>Threading: confined to the request's loop.
 */
@LoopConfined
final class Handover {

    private final HandoverPlan plan;
    private final Disaggregation pool;
    private final HandoverRequest request;
    private final Promise<RouteDecision> decision;
    private @Nullable Future<?> stage;
    private RouteDecision.@Nullable Forward decode;
    private Runnable whenRoom = this::begin;
    private @Nullable Sent sent;

    Handover(HandoverPlan plan) {
        this.plan = plan;
        this.pool = plan.pool();
        this.request = plan.request();
        this.decision = request.request().loop().newPromise();
        decision.addListener(done -> onDecided());
    }

    /** Decides once it is known which decode engine has room. */
    Future<RouteDecision> after(Future<RouteDecision> room) {
        stage = room;
        room.addListener(done -> onRoom(room));
        return decision;
    }

    /** Decides anew after the prefill beside an attempt failed; its decode engine did not. */
    Future<RouteDecision> afterFailedSibling() {
        Prefilled end = plan.tries().siblingsEnd();
        if (end instanceof Prefilled.Refused refused) {
            decision.setSuccess(answer(refused.answer()));
        } else {
            pool.observer().siblingCancelled(pool.name(), Side.DECODE);
            failed(((Prefilled.Failed) end).fault());
        }
        return decision;
    }

    private void onDecided() {
        if (decision.isCancelled()) {
            if (stage != null) {
                stage.cancel(false);
            }
            giveBack();
        }
    }

    private void onRoom(Future<RouteDecision> room) {
        if (!room.isSuccess()) {
            decision.tryFailure(room.cause());
        } else if (!(room.getNow() instanceof RouteDecision.Forward forward) || forward.plan() != request.plan()) {
            // a refusal, or routed anew as the pool was removed
            decide(room.getNow());
        } else if (decision.isDone()) {
            forward.ticket().end(AttemptEnd.unused());
        } else {
            decode = forward;
            whenRoom.run();
        }
    }

    private void begin() {
        Judgement.Prompt prompt =
                pool.judgement().prompt(request, held().endpoint().authority());
        long now = pool.fleet().ticker().nanos();
        String left = plan.tries().left(now, pool.config().timeouts().lease().toNanos() / 2);
        if (left != null && pool.protocol() instanceof KvProtocol.InSequence protocol) {
            sent = new Sent(plan, prompt, plan.tries().madeIn());
            plan.tries().begin();
            decide(sent().toDecode(held(), protocol.decodeFields(left), null));
            return;
        }
        sent = new Sent(plan, prompt, plan.tries().handovers() + 1);
        Verdict verdict = judged(prompt);
        pool.observer().decided(pool.name(), verdict);
        if (verdict.prefillsElsewhere()) {
            plan.tries().afresh();
            plan.tries().begin();
            prefill();
        } else {
            decide(sent().toDecodeAlone(held()));
        }
    }

    private Verdict judged(Judgement.Prompt of) {
        FleetSnapshot now = pool.fleet().snapshot();
        return pool.judgement().of(of, pickable(now.pool(pool.name())), pickable(now.prefill(pool.name())));
    }

    private static int pickable(@Nullable PoolSnapshot engines) {
        return engines == null ? 1 : engines.pickable().size();
    }

    private void prefill() {
        Future<PrefillPick.Picked> pick = PrefillPick.begin(plan);
        stage = pick;
        pick.addListener(done -> {
            if (pick.isSuccess()) {
                ask(pick.getNow());
            } else if (!decision.isDone()) {
                boolean nobody = pick.cause() instanceof PrefillPick.NobodyException;
                failed(nobody ? ((PrefillPick.NobodyException) pick.cause()).fault() : PrefillFault.NO_ENGINE);
            }
        });
    }

    private void ask(PrefillPick.Picked prefill) {
        long room = ThreadLocalRandom.current().nextLong() & Long.MAX_VALUE;
        int prompts = request.inference().prompts();
        var transfer = new Transfer(prefill.ticket().engine().endpoint(), room, prompts, prefill.engineId());
        long began = pool.fleet().ticker().nanos();
        Future<LegAnswer> leg = request.request().legs().send(sent().toPrefill(prefill.ticket(), transfer));
        if (pool.protocol() instanceof KvProtocol.AtOnce protocol) {
            Future<?> sibling = Sibling.of(plan, leg, protocol.idServer(transfer.prefill()));
            decide(sent().toDecode(held(), protocol.decodeFields(transfer), sibling));
        } else {
            stage = leg;
            leg.addListener(done -> onPrefilled(leg, began));
        }
    }

    private void onPrefilled(Future<LegAnswer> leg, long began) {
        if (decision.isDone()) {
            return;
        }
        long now = pool.fleet().ticker().nanos();
        plan.tries().took(now - began);
        Prefilled end = Prefilled.of(leg, true);
        if (end instanceof Prefilled.Done done) {
            pool.observer().prefilled(pool.name(), now - began);
            String params = Objects.requireNonNull(done.params());
            plan.tries().made(params, now);
            String fields = ((KvProtocol.InSequence) pool.protocol()).decodeFields(params);
            decide(sent().toDecode(held(), fields, null));
        } else if (end instanceof Prefilled.Refused refused) {
            giveBack();
            decide(answer(refused.answer()));
        } else {
            failed(((Prefilled.Failed) end).fault());
        }
    }

    private void failed(PrefillFault fault) {
        pool.observer().prefillFailed(pool.name(), fault);
        boolean again = fault.isWorthAnother() && plan.tries().mayAskAnother() && otherPrefillEngine();
        Fallback to = again ? Fallback.PREFILL_AGAIN : policy();
        pool.observer().fellBack(pool.name(), to);
        switch (to) {
            case PREFILL_AGAIN -> withDecode(this::prefill, fault);
            case DECODE_LOCAL -> withDecode(() -> decide(sent().toDecodeAlone(held())), fault);
            case AGGREGATED -> {
                giveBack();
                Future<RouteDecision> other = request.aggregated().get();
                stage = other;
                other.addListener(done -> pass(other));
            }
            case FAILED -> {
                giveBack();
                plan.tokensUsed(0);
                decide(new RouteDecision.Reject(fault.told(), plan.labels(), plan.responseHeaders(), plan.requester()));
            }
        }
    }

    private void pass(Future<RouteDecision> other) {
        if (other.isSuccess()) {
            decide(other.getNow());
        } else {
            decision.tryFailure(other.cause());
        }
    }

    /** Goes on with the decode engine that is held, or was asked in vain: a new one is picked then, which may be the same. */
    private void withDecode(Runnable next, PrefillFault fault) {
        if (decode != null) {
            next.run();
            return;
        }
        whenRoom = () -> {
            var prompt = pool.judgement().prompt(request, held().endpoint().authority());
            sent = new Sent(plan, prompt, plan.tries().handovers() + 1);
            plan.tries().begin();
            next.run();
        };
        request.plan().spare();
        after(request.plan().reroute(ProxyFailure.of(FailureKind.PREFILL_FAILED, fault.text())));
    }

    private boolean otherPrefillEngine() {
        PoolSnapshot engines = pool.fleet().snapshot().prefill(pool.name());
        return engines != null && engines.mayServe(plan.asking());
    }

    private Fallback policy() {
        OnPrefillFailure policy = pool.config().onFailure();
        return switch (policy) {
            case STRICT -> Fallback.FAILED;
            case DECODE_LOCAL -> Fallback.DECODE_LOCAL;
            case AGGREGATED -> Fallback.AGGREGATED;
        };
    }

    private RouteDecision answer(LegAnswer refusal) {
        String type = refusal.contentType() == null ? "application/json" : refusal.contentType();
        return new RouteDecision.Answer(refusal.status(), type, Unpooled.wrappedBuffer(refusal.body()), plan.labels());
    }

    private Sent sent() {
        return Objects.requireNonNull(sent);
    }

    private RouteDecision.Forward held() {
        return Objects.requireNonNull(decode);
    }

    private void giveBack() {
        if (decode != null) {
            decode.ticket().end(AttemptEnd.unused());
            decode = null;
        }
    }

    /** Whoever asked has left if it cannot be given. */
    private void decide(RouteDecision made) {
        decode = null;
        if (!decision.trySuccess(made) && made instanceof RouteDecision.Forward forward) {
            forward.ticket().end(AttemptEnd.unused());
        }
    }
}
