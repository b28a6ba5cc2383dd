package io.penstock.router.disaggregate;

import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.router.fleet.Engine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was tried for one request, and what is left of it. Threading: confined to the request's loop. */
@LoopConfined
final class PrefillTries {

    private final int most;
    private final List<Engine> engines = new ArrayList<>(2);
    private int handovers;
    private long nanos;
    private @Nullable String params;
    private long paramsNanos;
    private int paramsOf;
    private boolean sent;
    private boolean answering;
    private @Nullable ProxyFailure siblings;
    private @Nullable Prefilled siblingsEnd;

    PrefillTries(int most) {
        this.most = most;
    }

    /** Prefill engines that must not be asked again. */
    List<Engine> engines() {
        return List.copyOf(engines);
    }

    void asked(Engine engine) {
        engines.add(engine);
    }

    /** True if another prefill engine may be asked. */
    boolean mayAskAnother() {
        return engines.size() < most;
    }

    /** Prefill engines may be asked again: those before did their part. */
    void afresh() {
        engines.clear();
    }

    /** A hand-over begins. */
    void begin() {
        handovers++;
    }

    int handovers() {
        return handovers;
    }

    void took(long prefillNanos) {
        nanos += prefillNanos;
    }

    /** Nanoseconds of prefilling before decode. */
    long nanos() {
        return nanos;
    }

    /** What decode is to fetch. */
    void made(String kvTransferParams, long nowNanos) {
        params = kvTransferParams;
        paramsNanos = nowNanos;
        paramsOf = handovers;
        sent = false;
    }

    /** The number of the hand-over in which it was made. */
    int madeIn() {
        return paramsOf;
    }

    /** It is on its way to a decode engine. */
    void sent() {
        sent = true;
    }

    /** The decode engine did not take it. */
    void notTaken() {
        sent = false;
    }

    /** The decode engine has all it needs: the client reads its answer. */
    void answering() {
        answering = true;
    }

    boolean isAnswering() {
        return answering;
    }

    /** True if a decode engine has it, or may have it. */
    boolean isSent() {
        return sent;
    }

    /** A decode engine may have fetched it. */
    void fetched() {
        params = null;
    }

    /** What no decode engine was sent yet and is not too old; null if there is none. */
    @Nullable
    String left(long nowNanos, long lifeNanos) {
        return params != null && nowNanos - paramsNanos < lifeNanos ? params : null;
    }

    /** The prefill beside an attempt failed with this. */
    void siblingFailed(ProxyFailure with, Prefilled end) {
        siblings = with;
        siblingsEnd = end;
    }

    boolean isSiblings(ProxyFailure failure) {
        return failure == siblings;
    }

    /** How the prefill beside the last attempt ended. */
    Prefilled siblingsEnd() {
        return siblingsEnd == null ? new Prefilled.Failed(PrefillFault.RESET) : siblingsEnd;
    }
}
