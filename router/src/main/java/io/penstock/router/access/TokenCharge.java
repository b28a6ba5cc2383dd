package io.penstock.router.access;

import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that one request was charged when it was admitted: an estimate, until its answer tells. Threading:
 * loop-confined.
 */
@LoopConfined
public final class TokenCharge {

    private final @Nullable Charged client;
    private final @Nullable Charged route;
    private boolean corrected;

    TokenCharge(@Nullable Charged client, @Nullable Charged route) {
        this.client = client;
        this.route = route;
    }

    /** An amount that was taken, also from the limit's shared side if that is not null. */
    record Charged(Allowance from, long amount, @Nullable SharedTake shared) {

        static Charged of(Allowance from, long amount) {
            return new Charged(from, amount, SharedTake.of(from, amount));
        }

        void add(long tokens) {
            from.overdraw(tokens);
            if (shared != null) {
                shared.settle(amount + tokens);
            }
        }

        void correct(long tokens) {
            if (shared != null) {
                shared.settle(tokens);
            }
            if (tokens > amount) {
                from.overdraw(tokens - amount);
            } else if (tokens < amount) {
                from.giveBack(amount - tokens);
            }
        }
    }

    /**
     * Replaces the estimate by what the request really took, prompt and completion together; 0 for one that no engine
     * was asked. Only the first call counts.
     */
    public void correct(long tokens) {
        if (corrected) {
            return;
        }
        corrected = true;
        if (client != null) {
            client.correct(tokens);
        }
        if (route != null) {
            route.correct(tokens);
        }
    }

    /** Charges so many tokens beside the estimate, as the answer did not tell; as {@link #correct}, instead of it. */
    public void add(long tokens) {
        if (corrected) {
            return;
        }
        corrected = true;
        if (client != null) {
            client.add(tokens);
        }
        if (route != null) {
            route.add(tokens);
        }
    }
}
