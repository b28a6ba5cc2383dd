package io.penstock.router.access;

import io.github.bucket4j.ConsumptionProbe;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one request takes from one shared limit. Whether and when it is answered, in the end exactly what the request used is
 * booked there. Threading: confined to the request's loop.
 */
@LoopConfined
final class SharedTake {

    private final SharedBucket bucket;
    private final long amount;
    private boolean taken;
    private boolean settled;

    private SharedTake(SharedBucket bucket, long amount) {
        this.bucket = bucket;
        this.amount = amount;
    }

    /** So much of a limit, or null if that is this router's alone. */
    static @Nullable SharedTake of(Allowance allowance, long amount) {
        SharedBucket bucket = allowance.shared();
        return bucket == null ? null : new SharedTake(bucket, amount);
    }

    /** Asks for it; {@code then} is told on the loop, with an answer or with what went wrong. */
    void ask(EventExecutor loop, BiConsumer<@Nullable ConsumptionProbe, @Nullable Throwable> then) {
        var unused = bucket.take(amount)
                .whenComplete((answer, failure) -> loop.execute(() -> {
                    noteTaken(answer);
                    then.accept(answer, failure);
                }));
    }

    private void noteTaken(@Nullable ConsumptionProbe answer) {
        if (answer == null || !answer.isConsumed()) {
            return;
        }
        if (settled) {
            bucket.giveBack(amount);
        } else {
            taken = true;
        }
    }

    /** The request used so much, or 0 if it was refused or withdrawn. Only the first call counts. */
    void settle(long used) {
        if (settled) {
            return;
        }
        settled = true;
        long missing = used - (taken ? amount : 0);
        if (missing > 0) {
            bucket.overdraw(missing);
        } else if (missing < 0) {
            bucket.giveBack(-missing);
        }
    }
}
